import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Look, type Server } from './browser';

const kLooks: [string, Look][] = [
  ['dark', { theme: 'dark' }],
  ['phone', { width: 390 }],
  ['spanish', { language: 'es-ES' }],
];

describe.skipIf(!hasBrowser)('hand-over', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const as = async (login: string, path: string, look?: Look) => {
    await page.context().close();
    ({ page, said } = await openPage(browser, look));
    await signIn(page, server, path, login);
  };
  const part = () => page.locator('.card').filter({ has: page.locator('.holdings') });

  /** The officer opens a case with a note and offers it to the police, by the keyboard alone once the case is open. */
  const offered = async () => {
    await signIn(page, server, '/cases');
    await page.getByRole('button', { name: 'New case' }).click();
    await page.keyboard.type('Box asked for early');
    await page.keyboard.press('Enter');
    await page.locator('.holdings').waitFor();
    await page.getByRole('button', { name: 'Hand over' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog option', { hasText: 'Harbour police' }).waitFor({ state: 'attached' });
    await expect.poll(() => page.locator('dialog .primary').isDisabled()).toBe(true);
    await page.keyboard.type('Yours by law.');
    await page.locator('dialog select').selectOption({ label: 'Harbour police' });
    await shoot(page, 'hand_over_dialog');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await part().getByText('Terminal QXT → Harbour police').waitFor();
    expect(said).toEqual([]);
    return new URL(page.url()).pathname;
  };

  it('goes to the police, who accept it; the giver reads on and works no more', async () => {
    const path = await offered();
    await as('police', '/cases');
    await page.locator('td .tag', { hasText: 'Offered to Harbour police' }).waitFor();
    await page.getByText('Box asked for early').click();
    await expect.poll(() => page.getByRole('button', { name: 'Close case' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Accept case' }).click();
    await page.getByRole('button', { name: 'Hand over' }).waitFor();
    await expect.poll(() => part().locator('.holdings').innerText()).toMatch(/Terminal QXT[\s\S]*42 min[\s\S]*Harbour police/);
    await expect.poll(() => page.getByRole('button', { name: 'Close case' }).count()).toBe(1);
    await shoot(page, 'hand_over_accepted');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('p');
    await page.locator('.file-sheet').waitFor();
    const chain = await page.locator('.file-part', { hasText: 'Chain of custody' }).innerText();
    expect(chain.replace(/\s+/g, ' ')).toMatch(
      /Terminal QXT 13 Mar 2026 06:00:00 CET.* – 13 Mar 2026 06:42:00 CET.* 42 min/,
    );
    expect(chain.replace(/\s+/g, ' ')).toContain(
      'Terminal QXT u-0000000000000001 Terminal QXT Offered → Harbour police',
    );
    expect(said).toEqual([]);
    await as('officer', path);
    await part().waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Hand over' }).count()).toBe(0);
    await expect.poll(() => page.getByLabel('New note').count()).toBe(0);
  });

  it('ends with feedback to who handed it on, and says whether who was cleared was told', async () => {
    const path = await offered();
    await as('police', path);
    await page.getByRole('button', { name: 'Accept case' }).click();
    await page.getByRole('button', { name: 'Close case' }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.locator('select').first().selectOption('cleared');
    await dialog.getByLabel('Reason').fill('The order was late in the system.');
    await expect.poll(() => dialog.locator('.primary').isDisabled(), { message: 'was he told?' }).toBe(true);
    await dialog.getByLabel('Was the person told').selectOption('no');
    await dialog.getByLabel('Why not').fill('No address is known.');
    await dialog.getByLabel('Feedback for Terminal QXT').fill('Rightly reported; it was a late order.');
    await shoot(page, 'hand_over_feedback_written');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await page.locator('.steps').getByText('Not told that he is cleared: No address is known.').waitFor();
    await page.keyboard.press('p');
    const file = page.locator('.file-sheet');
    await file.getByText('Not told that he is cleared: No address is known.').waitFor();
    await file.getByText('Rightly reported; it was a late order.').waitFor();
    expect(said).toEqual([]);
    await as('officer', '/cases');
    const ended = page.locator('.handed-on li', { hasText: 'Box asked for early' });
    await ended.getByText('Rightly reported; it was a late order.').waitFor();
    await ended.locator('.tag', { hasText: 'No guilt' }).waitFor();
    await shoot(page, 'hand_over_feedback');
    expect(await axeFindings(page)).toEqual([]);
    expect(said).toEqual([]);
    await page.goto(`${server.address}/kpis`);
    const told = page.locator('.card', { hasText: 'was the person told?' });
    await expect.poll(() => told.innerText()).toMatch(/Not told\s+1/);
  });

  it('comes back from who refuses it, and is not there for him any more', async () => {
    const path = await offered();
    await as('police', path);
    await page.getByRole('button', { name: 'Refuse case' }).click();
    await expect.poll(() => page.locator('dialog .primary').isDisabled()).toBe(true);
    await page.keyboard.type('A matter for customs.');
    await page.keyboard.press('Control+Enter');
    await page.getByText('No case here').waitFor();
    expect(said).toEqual([]);
    await page.goto(server.address + path);
    await page.locator('.state.problem').waitFor({ timeout: 30_000 });
    await as('officer', path);
    await part().getByText('A matter for customs.').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Hand over' }).count()).toBe(1);
  });

  it.each(kLooks)('%s: nothing for axe, no sideways scrolling', async (name, look) => {
    const path = await offered();
    await as('police', path, look);
    await part().waitFor();
    await shoot(page, `hand_over_${name}`);
    expect(await axeFindings(page)).toEqual([]);
    const main = page.locator('main.page');
    expect(await main.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    expect(said).toEqual([]);
  });
});
