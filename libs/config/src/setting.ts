export interface SettingText {
  readonly name: string;
  readonly description: string;
  readonly defaultValue: string | undefined;
}

const settings: SettingText[] = [];

/** Describes an environment variable once, for `.env.example`, the README's table and error messages. */
export function Setting(description: string, defaultValue?: string): PropertyDecorator {
  return (_target, name) => {
    settings.push({ name: String(name), description, defaultValue });
  };
}

/** All described variables, in the order of their declaration. */
export function allSettings(): readonly SettingText[] {
  return settings;
}
