import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Look, type Server } from './browser';

const kLooks: [string, Look][] = [
  ['light', {}],
  ['dark', { theme: 'dark' }],
  ['phone', { width: 390 }],
  ['spanish', { language: 'es-ES' }],
];
const kHold = { reason: 'A stranger announced the pick-up.', container: 'QZBU2876950' };

/** A case of the alert whose box may still be stopped, with a note, a task and a hold; or an empty one. */
const makeCase = (page: Page, isEmpty = false) =>
  page.evaluate(
    async ([empty, hold]) => {
      const { csrf_token } = await (await fetch('/api/session')).json();
      const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf_token };
      const post = async (path: string, body: object) =>
        (await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
      const { items } = await (await fetch('/api/alerts?q=looked%20up')).json();
      const alert_ids = empty ? [] : [items[0].alert_id];
      const { summary } = await post('/api/cases', { title: 'Box asked for before its release', alert_ids });
      const steps = `/api/cases/${summary.case_id}/steps`;
      if (empty) return summary.case_id as string;
      await post(steps, { action: 'note', text: 'The yard office was called.' });
      await post(steps, { action: 'add_task', text: 'Ask for the portal pictures' });
      await post(`/api/alerts/${items[0].alert_id}/holds`, hold);
      return summary.case_id as string;
    },
    [isEmpty, kHold] as const,
  );

describe.skipIf(!hasBrowser)('case file', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const part = (name: string) => page.locator('.file-part').filter({ has: page.locator('h2', { hasText: name }) });
  const printed = () => page.evaluate(() => document.documentElement.dataset.printed);

  it('says what is alleged, on what, who did what and what is not known; it is on record', async () => {
    await signIn(page, server, '/cases');
    const caseId = await makeCase(page);
    await page.goto(`${server.address}/cases/${caseId}`);
    await page.locator('.case-head').waitFor();
    await page.keyboard.press('p');
    await page.locator('.file-sheet h1', { hasText: 'Box asked for' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/cases/${caseId}/file`);

    await expect.poll(() => part('What is alleged').innerText()).toMatch(
      /Release looked up[\s\S]*QZBU|Release looked up[\s\S]*QAXU/,
    );
    await expect.poll(() => part('What is alleged').innerText()).toContain('12 Mar 2026 18:31:07 CET');
    await expect.poll(() => part('What is alleged').innerText()).toContain('2026-03-12 17:31:07.815Z');
    await expect.poll(() => part('Evidence').innerText()).toMatch(/\.edi from byte \d+ on, \d+ bytes/);
    await expect.poll(() => part('Evidence').innerText()).toContain('found nothing, and the feeds cover all of that time');
    const chain = await part('Chain of custody').innerText();
    for (const word of [
      'Opened',
      'Note',
      'Put into a case A1',
      'Asked for A1 QZBU 287695-0',
      'u-0000000000000001',
      'Terminal QXT',
    ])
      expect(chain.replace(/\s+/g, ' ')).toContain(word);
    await expect.poll(() => part('Holds asked for').innerText()).toContain('h-0000000000000001');
    await expect.poll(() => part('Tasks and notes').innerText()).toContain('Open task Ask for the portal pictures');
    await expect.poll(() => part('What is not known').innerText()).toMatch(
      /provisional[\s\S]*account\.ticket[\s\S]*Rule not evaluated/,
    );
    await expect.poll(() => part('How to verify').innerText()).toMatch(/quaywatch explain [0-9a-f]{32}/);

    await page.evaluate(() => {
      window.print = () => (document.documentElement.dataset.printed = 'yes');
    });
    await page.keyboard.press('p');
    expect(await printed()).toBe('yes');
    expect(said).toEqual([]);

    await page.context().close();
    ({ page, said } = await openPage(browser));
    await signIn(page, server, '/audit', 'auditor');
    const row = page.locator('tr', { hasText: `case:${caseId}` }).filter({ hasText: 'file' });
    await row.waitFor();
    await expect.poll(() => row.count()).toBe(1);
  });

  it.each(kLooks)('%s: nothing for axe, no sideways scrolling, and light on paper', async (name, look) => {
    await page.context().close();
    ({ page, said } = await openPage(browser, look));
    await signIn(page, server, '/cases');
    const caseId = await makeCase(page);
    await page.goto(`${server.address}/cases/${caseId}/file`);
    await page.locator('.file-entry').first().waitFor();
    if (look.language) {
      await expect.poll(() => page.locator('.file-sheet [lang=en]').count()).toBe(0);
      await expect
        .poll(() => page.locator('.file-sheet').innerText())
        .toContain('la fuente aún no ha llegado: la fuente que lo diría aún no ha entregado');
    }
    await shoot(page, `case_file_${name}`);
    expect(await axeFindings(page)).toEqual([]);
    const wide = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.querySelector('main.page')!;
      return scrollWidth - clientWidth;
    });
    expect(wide).toBe(0);
    await page.evaluate(() => (document.documentElement.dataset.theme = 'dark'));
    await page.emulateMedia({ media: 'print' });
    await expect.poll(() => page.locator('.topbar').isVisible()).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('light');
    const sheets = await page.evaluate(() =>
      document.adoptedStyleSheets.flatMap(({ cssRules }) => [...cssRules].map(({ cssText }) => cssText)).join(''),
    );
    expect(sheets).toContain(caseId);
    expect(sheets).toContain('Officer A (officer) u-0000000000000001, Terminal QXT');
    expect(sheets).toContain('counter(pages)');
    expect(said).toEqual([]);
  });

  it('says of an empty case that nothing is alleged, and of a foreign one that it is not there', async () => {
    await signIn(page, server, '/cases');
    const caseId = await makeCase(page, true);
    await page.goto(`${server.address}/cases/${caseId}/file`);
    await part('What is alleged').getByText('nothing is alleged').waitFor();
    await page.goto(`${server.address}/cases/c-00000000000000ff/file`);
    await page.locator('.state.problem').waitFor({ timeout: 30_000 });
    await expect.poll(() => page.getByRole('button', { name: 'Print' }).isDisabled()).toBe(true);
  });
});
