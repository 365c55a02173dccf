import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Server } from './browser';

describe.skipIf(!hasBrowser)('key figures', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const line = (name: string) => page.locator('.kpi-outcomes tr', { hasText: name }).locator('td').first();

  it('counts what was decided, and each number leads to the alerts behind it', async () => {
    await signIn(page, server, '/watch');
    await page.locator('[role=option]').first().waitFor();
    await press('j', 'd');
    await page.locator('dialog[open]').waitFor();
    await press('3');
    await page.keyboard.type('The reader sent the card twice.');
    await press('Control+Enter');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await press('j', 't');
    await press('g', 'k');
    await page.locator('.kpi-part').first().waitFor();
    expect(new URL(page.url()).pathname).toBe('/kpis');
    await expect.poll(() => line('Received').innerText()).toBe('10');
    await expect.poll(() => line('Wrong data in a feed').innerText()).toBe('1');
    await expect.poll(() => line('Taken').innerText()).toBe('1');
    await expect.poll(() => line('New').innerText()).toBe('8');
    await page.getByText('0 of 1 looked at').waitFor();
    await page.getByText('yours: somebody else must look').waitFor();
    await shoot(page, 'kpis_decided');
    expect(await axeFindings(page)).toEqual([]);

    await line('Wrong data in a feed').locator('a').click();
    await page.locator('[role=option]').first().waitFor();
    await expect.poll(() => page.locator('[role=option]').count()).toBe(1);
    const chip = page.locator('.chip', { hasText: 'Figure:' });
    await expect.poll(() => chip.innerText()).toContain('Dismissed: Wrong data in a feed');
    await shoot(page, 'kpis_followed');
    await chip.click();
    await page.locator('[role=option]').nth(9).waitFor();
    expect(said).toEqual([]);
  });

  it('is looked at again by somebody else', async () => {
    await signIn(page, server, '/watch');
    await page.locator('[role=option]').first().waitFor();
    await press('j', 'd');
    await page.locator('dialog[open]').waitFor();
    await press('7');
    await page.keyboard.type('Nothing to it.');
    await press('Control+Enter');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    const other = await openPage(browser);
    await signIn(other.page, server, '/kpis', 'colleague');
    await other.page.getByRole('region', { name: 'Dismissals to look at again' }).locator('tbody a').click();
    await other.page.locator('.detail h1').waitFor();
    await other.page.keyboard.press('n');
    await other.page.keyboard.type('Agreed: the yard confirmed it.');
    await other.page.keyboard.press('Control+Enter');
    await other.page.locator('dialog[open]').waitFor({ state: 'detached' });
    await other.page.keyboard.press('g');
    await other.page.keyboard.press('k');
    await other.page.getByText('1 of 1 looked at').waitFor();
    expect([...said, ...other.said]).toEqual([]);
  });

  it('keeps period, facility and form in the address, and gives a file', async () => {
    await signIn(page, server, '/kpis');
    await page.getByLabel('Period').selectOption('2026-02');
    await line('Seizure').waitFor();
    expect(new URL(page.url()).searchParams.get('period')).toBe('2026-02');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('quaywatch-figures-2026-02.csv');
    const text = readFileSync(await file.path(), 'utf8');
    expect(text).toContain('closed,,,seizure,4\r\n');

    await page.getByLabel('To hand on').click();
    await line('Known test').getByText('not shown').waitFor();
    expect(page.url()).toContain('form=hand_on');
    await expect.poll(() => page.locator('.kpi-outcomes a').count(), { message: 'nothing to follow' }).toBe(0);
    await page.getByLabel('To hand on').click();
    await page.waitForURL((url) => !url.searchParams.has('form'));
    await page.getByLabel('Period').selectOption('all');
    await page.getByRole('combobox', { name: 'Facility' }).selectOption('HRPLE/QXT');
    await page.waitForURL(/facility=HRPLE%2FQXT/);
    await page.reload();
    await page.locator('.kpi-about', { hasText: 'HRPLE/QXT' }).waitFor();
    expect(said).toEqual([]);
  });

  it('gives an auditor no other form, and prints', async () => {
    await signIn(page, server, '/kpis?period=2026-02', 'auditor');
    await line('Known test').getByText('not shown').waitFor();
    await expect.poll(() => page.getByLabel('To hand on').count()).toBe(0);
    await page.emulateMedia({ media: 'print' });
    await shoot(page, 'kpis_printed');
    await expect.poll(() => page.locator('.kpi-controls').isVisible()).toBe(false);
    expect(said).toEqual([]);
  });

  it('is printed as blocks: cells of a grid that are longer than a page lose rows', async () => {
    await signIn(page, server, '/kpis?period=all');
    await page.locator('.kpi-part').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    const displays = await page.evaluate(() =>
      [...document.querySelectorAll('.kpis, .kpi-grid, .kpi-column')].map((each) => getComputedStyle(each).display),
    );
    expect(displays).toEqual(['block', 'block', 'block']);
    const breaks = await page.locator('.kpi-wide').evaluateAll((all) => all.map((each) => getComputedStyle(each).breakInside));
    expect(new Set(breaks)).toEqual(new Set(['auto']));
    expect(said).toEqual([]);
  });
});
