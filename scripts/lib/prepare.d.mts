export const ROOT: string;
export function ensureInstalled(options?: { dev?: boolean; root?: string }): Promise<void>;
export function isInstalled(options?: { dev?: boolean; root?: string }): boolean;
export function ensureBuilt(options?: { root?: string }): Promise<void>;
