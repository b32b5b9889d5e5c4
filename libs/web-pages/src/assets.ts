import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyReply } from 'fastify';
import { AppError } from '#libs/kernel';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface Asset {
  readonly bytes: Buffer;
  readonly type: string;
  readonly hash: string;
}

export interface AssetRequest {
  readonly name: string;
  readonly version: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** The style sheets and scripts of one app and those of all, read once; a name that was not there at the start does not exist. */
export class Assets {
  private constructor(
    private readonly path: string,
    private readonly files: ReadonlyMap<string, Asset>,
  ) {}

  /** Reads the folder `public` beside the app's `src`; `path` is where the app serves it. */
  static load(moduleUrl: string, path: string): Assets {
    const folders = [import.meta.url, moduleUrl].map(publicFolder);
    const files = folders.flatMap((folder) =>
      readdirSync(folder).map((name) => [name, readAsset(folder, name)] as const),
    );
    return new Assets(path, new Map(files));
  }

  /** The address of a file; it changes with the content, so that browsers may keep it for good. */
  href(name: string): string {
    const asset = this.files.get(name);
    if (asset === undefined) throw new Error(`${name} is not among the assets of ${this.path}`);
    return `${this.path}/${name}?v=${asset.hash}`;
  }

  /** Answers a request for a file, with 304 if the browser has it. */
  async send(request: AssetRequest, reply: FastifyReply): Promise<void> {
    const asset = this.files.get(request.name);
    if (asset === undefined) throw new AppError('not_found', 'asset_not_found', 'There is no such file.');
    const etag = `"${asset.hash}"`;
    const isForGood = request.version === asset.hash;
    reply.header('cache-control', isForGood ? 'public, max-age=31536000, immutable' : 'no-cache');
    reply.header('etag', etag);
    if (request.ifNoneMatch?.includes(etag)) await reply.code(304).send();
    else await reply.type(asset.type).send(asset.bytes);
  }
}

function readAsset(folder: string, name: string): Asset {
  const bytes = readFileSync(path.join(folder, name));
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 12);
  return { bytes, hash, type: TYPES[path.extname(name)] ?? 'application/octet-stream' };
}

/** Compiled code lies in dist/apps/x/src, but the files stay in apps/x/public: nothing has to copy them. */
function publicFolder(moduleUrl: string): string {
  const beside = fileURLToPath(new URL('../public', moduleUrl));
  return existsSync(beside) ? beside : beside.replace(/[\\/]dist[\\/](?=(apps|libs)[\\/])/, path.sep);
}
