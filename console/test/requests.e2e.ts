import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Look, type Server } from './browser';

const kWhy = 'It is the right of the person.';

describe.skipIf(!hasBrowser)('requests of persons', () => {
  let server: Server;
  let page: Page;
  let said: string[];
  let browser: Parameters<typeof openPage>[0];
  eachWithPage((ground) => ({ server, browser, page, said } = ground));

  const dialog = () => page.locator('dialog[open]');
  const send = () => dialog().locator('button[type=submit]');
  const sent = async () => {
    await send().click();
    await dialog().waitFor({ state: 'detached' });
  };
  const auditor = (path: string) => signIn(page, server, path, 'auditor');

  it('are listed with what is overdue, and taken without a clear value staying on the page', async () => {
    await auditor('/legal');
    await page.locator('.legal-missing').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    await page.locator('.request-line').first().waitFor();
    await expect.poll(() => page.locator('.request-line').innerText()).toContain('Overdue since');
    await expect.poll(() => page.locator('.notice').innerText()).toContain('1 request is overdue.');
    await page.keyboard.press('n');
    await dialog().waitFor();
    await dialog().getByLabel('What is asked').selectOption('correction');
    await dialog().getByLabel('Received on').fill('2026-03-10');
    await dialog().getByLabel('What it is').selectOption('plates');
    await dialog().getByLabel('As the person gave it').fill('ZG 1234 AB');
    await dialog().getByRole('button', { name: 'Another one' }).click();
    await dialog().getByLabel('What it is').nth(1).selectOption('persons');
    await dialog().getByLabel('As the person gave it').nth(1).fill('Ana Anić');
    await dialog().getByLabel('How identity was checked').fill('Passport shown at the desk.');
    await expect.poll(() => send().isDisabled()).toBe(true);
    await dialog().getByLabel('What is wrong').fill('The lorry was sold in January.');
    await dialog().getByLabel('What is right').fill('It was not mine.');
    await shoot(page, 'request_open');
    expect(await axeFindings(page)).toEqual([]);
    await sent();
    await page.waitForURL('**/requests/r-*');
    await expect.poll(() => page.locator('.request-about').innerText()).toContain('plate-');
    await expect.poll(() => page.locator('.request-about').innerText()).toContain('person-');
    await expect.poll(() => page.content()).not.toContain('ZG 1234 AB');
    await expect.poll(() => page.content()).not.toContain('Anić');
    expect(said).toEqual([]);
  });

  it('are answered with the file that was made', async () => {
    await auditor('/requests/r-0000000000000001');
    await page.getByRole('button', { name: 'Answer' }).click();
    await expect.poll(() => dialog().innerText()).toContain('Make the file first');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Make the file' }).click();
    const file = page.locator('.request-file');
    await expect.poll(() => file.innerText()).toContain('Nothing further can be stated');
    await expect.poll(() => page.locator('.request-steps').innerText()).toContain('File made');
    const saved = page.waitForEvent('download');
    await file.getByRole('button', { name: 'File' }).click();
    expect((await saved).suggestedFilename()).toBe('request-1.json');
    await shoot(page, 'request_file');
    await page.emulateMedia({ media: 'print' });
    await expect.poll(() => page.locator('.request-about').isVisible()).toBe(false);
    await expect.poll(() => file.isVisible()).toBe(true);
    await shoot(page, 'request_file_print');
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('button', { name: 'Answer' }).click();
    await dialog().locator('textarea').fill(kWhy);
    await expect.poll(() => send().isDisabled()).toBe(true);
    await dialog().getByLabel('How the person was answered').fill('by post');
    await sent();
    await expect.poll(() => page.locator('.requests').innerText()).toContain('Granted');
    await expect.poll(() => page.getByRole('button', { name: 'Answer' }).count()).toBe(0);
    expect(said).toEqual([]);
  });

  it('are extended once, and closed when each receiver is done', async () => {
    await auditor('/requests/r-0000000000000002');
    await page.getByRole('button', { name: 'Not told' }).click();
    await dialog().locator('textarea').fill('It no longer exists.');
    await sent();
    await expect.poll(() => page.locator('.requests').innerText()).toContain('Closed');
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    await page.locator('.request-line').first().waitFor();
    await page.keyboard.press('n');
    await dialog().getByLabel('Received on').fill('2026-03-12');
    await dialog().getByLabel('As the person gave it').fill('clerk7');
    await dialog().getByLabel('How identity was checked').fill('Passport shown at the desk.');
    await sent();
    await page.getByRole('button', { name: 'Extend' }).click();
    await dialog().locator('textarea').fill('Five years of feeds.');
    await sent();
    await expect.poll(() => page.locator('.request-steps').innerText()).toContain('Five years of feeds.');
    await expect.poll(() => page.getByRole('button', { name: 'Extend' }).count()).toBe(0);
    await page.goto(`${server.address}/requests/r-00000000000000ff`);
    await page.locator('.state.problem').waitFor();
    await expect.poll(() => page.locator('.state.problem').innerText()).toContain('there is no such request');
  });

  it('stand as a note on the timeline of the subject', async () => {
    server.noteOnTimelines({
      request_number: 2,
      state: 'disputed',
      since: '2026-03-12T09:00:00Z',
      words: 'The box was never there.',
      right: 'It stood in block B.',
    });
    await signIn(page, server, '/timeline/container/QZBU2876950');
    await expect.poll(() => page.locator('.timeline-head').innerText()).toContain('see request 2');
    await shoot(page, 'timeline_note');
    expect(await axeFindings(page)).toEqual([]);
  });

  it.each<[string, Look]>([
    ['dark', { theme: 'dark' }],
    ['phone', { width: 390 }],
    ['spanish', { language: 'es-ES' }],
  ])('read well: %s', async (look, how) => {
    const other = await openPage(browser, how);
    await signIn(other.page, server, '/requests', 'auditor');
    await other.page.locator('.request-line').first().waitFor();
    await shoot(other.page, `requests_${look}`);
    await other.page.keyboard.press('n');
    await other.page.locator('dialog[open] textarea').first().waitFor();
    await shoot(other.page, `request_open_${look}`);
    expect(await axeFindings(other.page)).toEqual([]);
    await other.page.keyboard.press('Escape');
    await other.page.locator('dialog[open]').waitFor({ state: 'detached' });
    await other.page.locator('.request-line a').first().click();
    await other.page.locator('.request-make button').click();
    await other.page.locator('.request-file').waitFor();
    await shoot(other.page, `request_${look}`);
    expect(await axeFindings(other.page)).toEqual([]);
    expect(other.said).toEqual([]);
  });
});
