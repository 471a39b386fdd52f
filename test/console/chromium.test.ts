import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { startConsole, type ConsoleFixture } from './fixture.ts';

const executablePath = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== '' && existsSync(path),
);
const skip = executablePath === undefined ? 'no Chromium found: install it, or name it in CHROMIUM' : false;
if (skip !== false) console.log(`skipped: ${skip}`);
/** Where pictures of the pages go, for people to look at. */
const pictures = process.env['SCREENSHOTS'];

/** Without the last five, Chromium looks up and calls hosts of its maker while the test runs. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe('in a real browser', { skip }, () => {
  let fixture: ConsoleFixture;
  let browser: Browser;
  before(async () => {
    fixture = await startConsole();
    browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args });
    console.log(`real server: Chromium ${browser.version()}`);
    if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
  });
  after(async () => {
    await browser.close();
    await fixture.close();
  });

  /** A page that fails the test where the browser has anything to complain about or leaves this machine. */
  async function withPage(
    options: BrowserContextOptions,
    work: (page: Page, complaints: string[]) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext(options);
    const complaints: string[] = [];
    try {
      const page = await context.newPage();
      // The provider's own pages ask for a font from elsewhere.
      const ours = (url: string): boolean => url.startsWith(fixture.url);
      await context.route(
        ({ hostname }) => hostname !== '127.0.0.1',
        (route) => route.abort(),
      );
      page.on('console', (message) => {
        const refused = /responded with a status of 4\d\d/.test(message.text());
        if (!refused && ours(message.location().url)) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        const { hostname, protocol } = new URL(request.url());
        if (ours(page.url()) && (hostname !== '127.0.0.1' || protocol !== 'http:'))
          complaints.push(`left for ${request.url()}`);
      });
      await work(page, complaints);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  }

  async function signInAtProvider(page: Page, user: string): Promise<void> {
    await page.getByPlaceholder('Enter any login').fill(user);
    await page.getByPlaceholder('and password').fill('any');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  test('a reviewer follows a link, signs in with PKCE and approves', async () => {
    const { request } = fixture.memory.add({ justification: 'The customer was promised gold on the phone.' });
    await withPage({}, async (page) => {
      const asked: URLSearchParams[] = [];
      page.on('request', (sent) => {
        const url = new URL(sent.url());
        if (url.pathname === '/auth') asked.push(url.searchParams);
      });
      await page.goto(`${fixture.url}/console/approvals/${request.id}`);
      await picture(page, 'sign-in');
      await page.getByRole('link', { name: 'Sign in with your organisation' }).click();
      await signInAtProvider(page, 'bob');
      assert.equal(asked[0]?.get('code_challenge_method'), 'S256');
      assert.equal(asked[0]?.get('resource'), `${fixture.url}/mcp`);
      assert.equal((asked[0]?.get('nonce') ?? '').length, 43);
      assert.equal(page.url(), `${fixture.url}/console/approvals/${request.id}`);
      await picture(page, 'request');
      await page.getByLabel('Comment').fill('Checked with sales.');
      await page.getByLabel('For how long').selectOption('30m');
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByText('You approved it.').waitFor();
      await picture(page, 'approved');
      const { verdicts, grantedUntil } = fixture.memory.get(request.id);
      assert.equal(verdicts[0]?.by.id, 'bob');
      assert.equal(verdicts[0]?.by.issuer, fixture.provider.issuer);
      assert.equal(verdicts[0]?.assurance, 'high');
      assert.equal(verdicts[0]?.comment, 'Checked with sales.');
      assert.notEqual(grantedUntil, null);

      await page.getByRole('link', { name: 'All requests' }).click();
      fixture.memory.add(
        {},
        { tool: 'delete_note', reason: 'Deleting is approved by a DBA.', environment: 'demo' },
      );
      await page.getByRole('link', { name: 'Look again' }).click();
      await picture(page, 'inbox');
      await page.getByRole('button', { name: /^Revoke run_sql/ }).click();
      await page.getByText('It was revoked').waitFor();
      assert.equal(fixture.memory.get(request.id).status, 'revoked');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in to review' }).waitFor();
    });
  });

  async function signedIn(page: Page, user = 'bob'): Promise<void> {
    await page.goto(`${fixture.url}/console/approvals`);
    await page.getByLabel('Development token').fill(await fixture.devToken(user, ['dba']));
    await page.getByRole('button', { name: 'Sign in with a development token' }).click();
    await page.getByRole('heading', { name: 'What waits for you' }).waitFor();
  }

  test('everything can be done with the keyboard alone, and the focus is seen', async () => {
    const { request } = fixture.memory.add();
    await withPage({}, async (page) => {
      await signedIn(page);
      const focused = (): Promise<string> =>
        page.evaluate("document.activeElement.innerText || document.activeElement.name || ''");
      const tabTo = async (name: string): Promise<void> => {
        for (let presses = 0; presses < 40; presses += 1) {
          await page.keyboard.press('Tab');
          if ((await focused()) === name) return;
        }
        assert.fail(`${name} can't be reached`);
      };
      await page.goto(`${fixture.url}/console/approvals/${request.id}`);
      await page.keyboard.press('Tab');
      assert.equal(await focused(), 'Skip to the content');
      await tabTo('comment');
      await page.keyboard.type('By keyboard.');
      await tabTo('Decline');
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
      assert.equal(outline, 'solid');
      await page.keyboard.press('Enter');
      await page.getByText('You declined it.').waitFor();
      assert.equal(fixture.memory.get(request.id).verdicts[0]?.comment, 'By keyboard.');
    });
  });

  test('it fits a phone, in light and in dark', async () => {
    const long = `UPDATE customers SET note = '${'x'.repeat(300)}'`;
    const { request } = fixture.memory.add(
      {},
      {
        arguments: { statement: `${long}\n -- \u202Eesrever\u200B <script>alert(1)</script>`, limit: 10 },
        facts: { sql: { kinds: ['UPDATE'], writes: true, unbounded: true, tablesWritten: ['customers'] } },
        client: 'a-client-with-a-very-long-name-that-does-not-break-anywhere-at-all/1.0.0',
      },
    );
    for (const colorScheme of ['light', 'dark'] as const) {
      const phone = { viewport: { width: 360, height: 740 }, colorScheme, isMobile: true, hasTouch: true };
      await withPage(phone, async (page) => {
        await page.goto(`${fixture.url}/console/approvals`);
        await picture(page, `phone-${colorScheme}-sign-in`);
        await signedIn(page, `bob-${colorScheme}`);
        await picture(page, `phone-${colorScheme}-inbox`);
        await page.goto(`${fixture.url}/console/approvals/${request.id}`);
        await picture(page, `phone-${colorScheme}-request`);
        const wide = await page.evaluate('document.documentElement.scrollWidth');
        assert.equal(wide, 360, 'nothing has to be scrolled sideways');
        for (const name of ['Approve', 'Decline']) {
          const box = await page.getByRole('button', { name }).boundingBox();
          assert.ok((box?.height ?? 0) >= 44, `${name} is large enough for a thumb`);
        }
        await page.goto(`${fixture.url}/console/approvals/apr_0`);
        await picture(page, `phone-${colorScheme}-error`);
      });
    }
    await withPage({ colorScheme: 'dark' }, async (page) => {
      await signedIn(page, 'bob-desk');
      await page.goto(`${fixture.url}/console/approvals/${request.id}`);
      await picture(page, 'dark-request');
    });
  });

  test('text meets 4.5 to 1 against what is behind it, in light and in dark', async () => {
    const { request } = fixture.memory.add({}, { facts: { sql: { unbounded: true, kinds: ['DELETE'] } } });
    for (const colorScheme of ['light', 'dark'] as const) {
      await withPage({ colorScheme }, async (page) => {
        await signedIn(page, `bob-contrast-${colorScheme}`);
        await page.goto(`${fixture.url}/console/approvals/${request.id}`);
        assert.deepEqual(await page.evaluate(LOW_CONTRAST), []);
      });
    }
  });

  test('a page of another site can’t frame it, and its form decides nothing', async () => {
    const { request } = fixture.memory.add();
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await signedIn(page, 'bob-lured');
      const url = `${fixture.url}/console/approvals/${request.id}`;
      await context.route('http://evil.example/', (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: `<iframe src="${url}"></iframe><form method="post" action="${url}/decide">
            <input name="decision" value="approve"><button>Win</button></form>`,
        }),
      );
      await page.goto('http://evil.example/');
      const framed = page.frames()[1];
      await framed?.waitForLoadState();
      assert.equal(await framed?.getByText('run_sql').count(), 0, 'it is not framed');
      await page.getByRole('button', { name: 'Win' }).click();
      await page.waitForURL(`${url}/decide`);
      assert.equal(fixture.memory.get(request.id).status, 'pending');
      assert.equal(await page.getByText('You approved it.').count(), 0);
    } finally {
      await context.close();
    }
  });
});

/** WCAG 2.2, 1.4.3: the elements with text of their own whose contrast is below 4.5. */
const LOW_CONTRAST = `(() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((numbers(colour)[3] ?? 1) === 1) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.body.querySelectorAll('*')]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
    .map((element) => {
      const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return ratio < 4.5 ? element.tagName + ' ' + ratio.toFixed(2) : null;
    })
    .filter((found) => found !== null);
})()`;
