/** What a browser does with redirects, cookies and forms, without one: for attacks that no browser would send. */
export interface Visitor {
  readonly cookies: Map<string, string>;
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  post(
    url: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
  /** Signs in at the provider and comes back; returns the callback's address without visiting it. */
  approachCallback(start: string, user: string): Promise<string>;
  signIn(start: string, user: string): Promise<Response>;
  csrf(url: string): Promise<string>;
}

export function createVisitor(base: string): Visitor {
  const cookies = new Map<string, string>();
  const visit = async (url: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(new URL(url, base), {
      redirect: 'manual',
      ...init,
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(init.headers as Record<string, string>),
      },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  const visitor: Visitor = {
    cookies,
    get: (url, headers = {}) => visit(url, { headers }),
    post: (url, fields, headers = {}) =>
      visit(url, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { origin: base, ...headers },
      }),
    async approachCallback(start, user) {
      let response = await visitor.get(start);
      let here = new URL(start, base);
      for (let step = 0; step < 14; step += 1) {
        const location = response.headers.get('location');
        if (location === null) {
          const shown = await response.text();
          const action = /action="([^"]+)"/.exec(shown)?.[1] ?? '';
          const prompt = /name="prompt" value="([^"]+)"/.exec(shown)?.[1] ?? '';
          here = new URL(action, here);
          response = await visit(here.href, {
            method: 'POST',
            body: new URLSearchParams({ prompt, login: user, password: 'any' }),
          });
          continue;
        }
        here = new URL(location, here);
        if (here.pathname === '/console/callback') return here.href;
        response = await visitor.get(here.href);
      }
      throw new Error('the provider did not come to an end');
    },
    async signIn(start, user) {
      return await visitor.get(await visitor.approachCallback(start, user));
    },
    async csrf(url) {
      const shown = await (await visitor.get(url)).text();
      const token = /name="csrf" value="([^"]+)"/.exec(shown)?.[1];
      if (token === undefined) throw new Error('no form on the page');
      return token;
    },
  };
  return visitor;
}
