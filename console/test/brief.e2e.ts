import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Server } from './browser';

/** Between the margins of 14 mm on A4, at 96 dots an inch. */
const kPrinted = { width: Math.floor(((210 - 28) / 25.4) * 96), height: 900 };
const kTitle = 'Release looked up without a task by an account of another house, then announced by a stranger';

const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;

describe.skipIf(!hasBrowser)('brief', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const lines = () => page.locator('.brief-urgent li');
  const open = (level: string) =>
    page.locator('.brief-figures tr', { hasText: level }).locator('td').nth(1).innerText();
  const summaries = () => server.alerts().map(({ summary }) => summary);

  function fill() {
    const from = server.anyAlert();
    for (let n = 0; n < 16; n += 1) {
      const summary = { ...from.summary, alert_id: n.toString(16).padStart(32, 'e'), title: kTitle, level: 'critical' };
      server.raise({ ...structuredClone(from), summary: { ...summary, act_before: '2026-03-12T07:30:00Z' } });
      server.openCaseOf('officer', summary.alert_id, `Seal changed without inspection or reseal on record, box ${n}`);
    }
  }

  it('counts and lists what has no outcome, as the key figures do; the watch says what came of the rest', async () => {
    const of = summaries().find(({ level }) => level === 'high')!;
    const high = summaries().filter(({ level }) => level === 'high').length;
    await signIn(page, server, '/brief');
    await expect.poll(() => open('High')).toBe(String(high));
    const listed = await lines().count();
    server.closeCaseOf('officer', server.openCaseOf('officer', of.alert_id), 'seizure');
    await page.reload();
    await expect.poll(() => open('High')).toBe(String(high - 1));
    await expect.poll(() => lines().count()).toBe(listed - 1);
    await page.goto(`${server.address}/watch?state=in_case`);
    await expect.poll(() => page.locator('.alert-triage .triage').allInnerTexts()).toEqual(['Closed: Seizure']);
    expect(said).toEqual([]);
  });

  it('does not say that feeds deliver of which it does not know it', async () => {
    await signIn(page, server, '/brief');
    const unseen = page.locator('.brief-part', { hasText: 'What we could not see' });
    await expect.poll(() => unseen.innerText()).toContain('reader_status Silent since');
    expect(await unseen.innerText()).toMatch(/\d+ feeds? told nothing for more than a day.*ago/s);
    expect(said).toEqual([]);
  });

  it.each(['en-GB', 'es-ES'])('%s: is one sheet of A4, and nothing is cut', async (language) => {
    fill();
    await page.context().close();
    ({ page, said } = await openPage(browser, { language }));
    await signIn(page, server, '/kpis');
    await page.locator('.kpi-part').first().waitFor();
    // The rules for paper of the view before are loaded, and must not hold here.
    await page.locator('.nav a[href="/brief"]').click();
    await expect.poll(() => lines().count()).toBe(12);
    await expect.poll(() => page.locator('.brief-list li').count()).toBeGreaterThan(6);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pagesOf(pdf)).toBe(1);
    expect(pdf.toString('latin1')).toMatch(/MediaBox \[0 0 59\d/);
    await page.setViewportSize(kPrinted);
    await page.emulateMedia({ media: 'print' });
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('.brief *')]
        .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
        .map((each) => each.outerHTML.slice(0, 120)),
    );
    expect(cut).toEqual([]);
    await shoot(page, `brief_printed_${language}`);
    await page.emulateMedia({ media: null });
    expect(await axeFindings(page)).toEqual([]);
    expect(said).toEqual([]);
  });
});
