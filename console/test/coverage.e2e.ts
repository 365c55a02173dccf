import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Server } from './browser';

describe.skipIf(!hasBrowser)('the coverage matrix', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const row = (of: Page, number: string) =>
    of.locator('.coverage-matrix tbody').filter({ has: of.locator('th .tag').getByText(number, { exact: true }) });

  it('says what has a rule, what keeps it from judging, and what has none and why', async () => {
    await signIn(page, server, '/rules');
    await page.getByRole('link', { name: 'Coverage matrix' }).click();
    await row(page, 'MO-1').waitFor();
    await expect.poll(() => row(page, 'MO-1').innerText()).toContain('Rip-on and rip-off');
    const cells = (number: string) => row(page, number).locator('tr.mo td').allInnerTexts();
    expect(Number((await cells('MO-1'))[0])).toBeGreaterThan(0);
    expect((await cells('MO-1'))[1]).toBe('open');
    const seals = row(page, 'MO-1').locator('.for-it', { hasText: 'Seal changed without inspection' });
    expect(await seals.locator('td').allInnerTexts()).toEqual([
      'Seal changed without inspection or reseal on record',
      expect.stringContaining('looks for it'),
      '',
      '',
      'judges here',
    ]);
    expect((await cells('MO-29')).slice(0, 3)).toEqual(['open', 'open', 'open']);
    expect((await cells('MO-15')).slice(0, 3)).toEqual(['open', '–', '–']);
    await expect.poll(() => row(page, 'MO-29').locator('th p').innerText()).toContain('lists of embargoes');
    await expect.poll(() => row(page, 'MO-35').locator('th p').innerText()).toContain('No rule in force here');
    expect(await page.locator('.for-it .tag').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^no feed tells of: .* or /), 'off: no agreement']),
    );
    expect(await page.getByText(/^Of \d+ known, \d+ have a rule in force, and \d+ have one/).count()).toBe(1);
    await shoot(page, 'coverage');
    expect(await axeFindings(page)).toEqual([]);
    await row(page, 'MO-1').getByRole('link', { name: 'Seal changed' }).click();
    await page.locator('h1', { hasText: 'Seal changed' }).waitFor();
    expect(said).toEqual([]);
  });

  it('is there for an auditor; and on a telephone, in the dark, in Spanish', async () => {
    const phone = await openPage(browser, { width: 390, theme: 'dark', language: 'es' });
    await signIn(phone.page, server, '/rules/coverage', 'auditor');
    await row(phone.page, 'MO-29').waitFor();
    await expect.poll(() => row(phone.page, 'MO-29').locator('th').innerText()).toContain('listas de embargos');
    await shoot(phone.page, 'coverage_phone');
    expect(await axeFindings(phone.page)).toEqual([]);
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(phone.said).toEqual([]);
  });
});
