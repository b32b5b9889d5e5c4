import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { blocksOf } from '../../../e2e/docs/markdown.js';
import type { Case } from './cases.js';

const RUNNERS = 'test/integration/docs/verify/runners';

interface Language {
  readonly name: string;
  /** In docs/verify, without `.md`. */
  readonly page: string;
  /** Environment variable that names the program; without it, `program` is looked for, if there is one. */
  readonly variable: string;
  readonly program?: string;
  readonly asks: readonly string[];
  /** Arguments that run the files. */
  readonly runs: readonly string[];
  /** What stands before the program's own words about it. */
  readonly missing?: string;
  files(snippets: string, runner: (file: string) => string): Readonly<Record<string, string>>;
}

const together =
  (name: string, runner: string, before = ''): Language['files'] =>
  (snippets, read) => ({ [name]: `${before}${snippets}\n${read(runner)}` });

/** Methods get a class around them; what is imported stands before it. */
const inClass =
  (name: string, runner: string, imported: RegExp): Language['files'] =>
  (snippets, read) => {
    const imports = [...snippets.matchAll(imported)].map(([line]) => line).join('\n');
    return { [name]: `${imports}\nclass Verify\n{\n${snippets.replace(imported, '')}\n${read(runner)}\n}\n` };
  };

export const LANGUAGES: readonly Language[] = [
  {
    name: 'Node',
    page: 'node',
    variable: 'DOCS_NODE',
    program: process.execPath,
    asks: ['--version'],
    runs: ['verify.mjs'],
    files: together('verify.mjs', 'node.mjs'),
  },
  {
    name: 'Python',
    page: 'python',
    variable: 'DOCS_PYTHON',
    program: 'python3',
    asks: ['-c', 'import cryptography'],
    runs: ['verify.py'],
    missing: 'with the package cryptography',
    files: together('verify.py', 'python.py'),
  },
  {
    name: 'Go',
    page: 'go',
    variable: 'DOCS_GO',
    program: 'go',
    asks: ['version'],
    runs: ['run', '.'],
    files: (snippets, read) => ({
      'verify.go': snippets,
      'main.go': read('go.txt'),
      'go.mod': 'module verify\n\ngo 1.19\n',
    }),
  },
  {
    name: 'PHP',
    page: 'php',
    variable: 'DOCS_PHP',
    program: 'php',
    asks: ['-r', 'exit(function_exists("sodium_crypto_sign_verify_detached") ? 0 : 1);'],
    runs: ['verify.php'],
    files: together('verify.php', 'php.php', '<?php\ndeclare(strict_types=1);\n'),
  },
  {
    name: 'Ruby',
    page: 'ruby',
    variable: 'DOCS_RUBY',
    program: 'ruby',
    asks: ['-ropenssl', '-e', '0'],
    runs: ['verify.rb'],
    files: together('verify.rb', 'ruby.rb'),
  },
  {
    name: 'Java',
    page: 'java',
    variable: 'DOCS_JAVA',
    program: 'java',
    asks: ['-version'],
    runs: ['-XX:TieredStopAtLevel=1', 'Verify.java'],
    files: inClass('Verify.java', 'java.txt', /^import .*;$/gm),
  },
  {
    name: 'C#',
    page: 'csharp',
    variable: 'DOCS_DOTNET',
    asks: ['--version'],
    runs: ['run'],
    missing: 'that may load packages',
    files: (snippets, read) => ({
      ...inClass('Verify.cs', 'csharp.txt', /^using [\w.]+;$/gm)(snippets, read),
      'verify.csproj': read('csharp.xml'),
    }),
  },
  {
    name: 'Rust',
    page: 'rust',
    variable: 'DOCS_CARGO',
    asks: ['--version'],
    runs: ['run', '--quiet'],
    missing: 'that may load crates',
    files: (snippets, read) => ({
      'src/main.rs': `${snippets}\n${read('rust.txt')}`,
      'Cargo.toml': read('rust.toml'),
    }),
  },
  {
    name: 'bash',
    page: 'bash',
    variable: 'DOCS_BASH',
    program: 'bash',
    asks: ['-c', '[ "${BASH_VERSINFO[0]}" -ge 4 ] && openssl version | grep -q "OpenSSL 3"'],
    runs: ['verify.sh'],
    files: together('verify.sh', 'bash.sh'),
  },
];

export function pageOf({ page }: Language): string {
  return `docs/verify/${page}.md`;
}

/** The program that runs a language's snippets here; null if there is none. */
export function toolOf({ variable, program, asks }: Language): string | null {
  const tool = process.env[variable] ?? program;
  if (tool === undefined) return null;
  return spawnSync(tool, asks, { stdio: 'ignore' }).status === 0 ? tool : null;
}

/** What each call says, in the words of the language's page. */
export async function say(language: Language, tool: string, cases: readonly Case[]): Promise<string[]> {
  const folder = `test-results/verify/${language.page}`;
  mkdirSync(`${folder}/src`, { recursive: true });
  const runner = (file: string): string => readFileSync(`${RUNNERS}/${file}`, 'utf8');
  const snippets = blocksOf(pageOf(language)).filter(({ role }) => role === 'snippet');
  const files = language.files(snippets.map(({ text }) => text).join('\n'), runner);
  for (const [name, text] of Object.entries(files)) writeFileSync(`${folder}/${name}`, text);
  const { output, errors } = await run(tool, language.runs, folder, cases.map(lineOf).join(''));
  const said = output.trimEnd().split('\n');
  if (said.length !== cases.length) throw new Error(`${language.name} said ${output}\n${errors}`);
  return said;
}

/** Fields are in base64 behind a colon, so that none is empty. */
function lineOf({ scheme, args }: Case): string {
  return `${[scheme, ...args.map((arg) => `:${Buffer.from(arg).toString('base64')}`)].join('\t')}\n`;
}

function run(
  tool: string,
  args: readonly string[],
  cwd: string,
  input: string,
): Promise<{ output: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, { cwd, stdio: 'pipe' });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.once('error', reject);
    child.once('close', () => resolve({ output, errors }));
    child.stdin.end(input);
  });
}
