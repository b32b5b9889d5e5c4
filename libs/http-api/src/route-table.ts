interface Route {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

/** Which methods an address knows; asked only after no route was found. */
export class RouteTable {
  private readonly routes: Route[] = [];

  add(url: string, methods: string | readonly string[]): void {
    if (url.includes('*')) return;
    const source = url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
      .join('/');
    this.routes.push({ pattern: new RegExp(`^${source}$`), methods: [methods].flat() });
  }

  methodsAt(url: string): string[] {
    const path = url.split('?', 1)[0] ?? '';
    const methods = this.routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
    return [...new Set(methods)].sort();
  }
}
