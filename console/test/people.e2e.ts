import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Look, type Server } from './browser';

const kLooks: [string, Look][] = [
  ['dark', { theme: 'dark' }],
  ['phone', { width: 390 }],
  ['spanish', { language: 'es-ES' }],
];

describe.skipIf(!hasBrowser)('people', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const row = (name: string) => page.locator('tr', { hasText: name });
  const button = (name: string, exact = false) => page.getByRole('button', { name, exact });
  const field = (name: string) =>
    page
      .locator('dialog .field', { has: page.getByText(name, { exact: true }) })
      .locator('input, select')
      .first();
  const role = (name: string) => page.locator('dialog').getByRole('checkbox', { name });
  const closed = () => page.locator('dialog[open]').waitFor({ state: 'detached' });

  it('makes an organisation behind the wall and its administrator, from the page alone', async () => {
    await signIn(page, server, '/people', 'admin');
    await expect.poll(() => row('Harbour police').innerText()).toMatch(/by its own administrators/);
    await page.getByText('are not listed').waitFor();
    await button('New organisation').click();
    await field('Name').fill('Customs Koper');
    await field('Kind').selectOption('authority');
    await field('May read records of').fill('customs, teminal');
    await page.getByText('Nobody here reads records of customs, teminal yet').waitFor();
    await field('May read records of').fill('');
    await button('all owners').click();
    expect(await field('May read records of').inputValue()).toBe('*');
    await button('Make organisation').click();
    await page.locator('dialog .problem', { hasText: 'here already' }).waitFor();
    await field('Kind').selectOption('customs');
    await shoot(page, 'people_organisation');
    expect(await axeFindings(page)).toEqual([]);
    await button('Make organisation').click();
    await closed();
    await expect.poll(() => row('Customs Koper').innerText()).toMatch(/Customs\s+all owners\s+0\s+by you/);
    await button('New user').click();
    await field('User name').fill('head');
    await field('Name').fill('Head of customs');
    expect(await field('Organisation').locator('option').allInnerTexts()).toEqual(['Terminal QXT', 'Customs Koper']);
    await field('Organisation').selectOption('Customs Koper');
    await page.getByText('is its administrator').waitFor();
    await page.getByText('hands in records and sees nothing').waitFor();
    await role('Administrator').check();
    await field('Accounts in the feeds').fill('khead, kh2');
    await shoot(page, 'people_user');
    expect(await axeFindings(page)).toEqual([]);
    await button('Make user').click();
    await page.locator('dialog code', { hasText: 'tide-rope-4711-quay' }).waitFor();
    expect(await page.locator('.toast').count()).toBe(0);
    await button('Close').click();
    await expect.poll(() => row('Head of customs').innerText()).toMatch(/Customs Koper\s+Officer, Administrator/);
    expect(said.filter((line) => !line.includes('403'))).toEqual([]);
  });

  it('changes one: roles, linked cards, password and second factor apart', async () => {
    await signIn(page, server, '/people', 'admin');
    const second = row('Officer with a second factor');
    await second.getByRole('button', { name: 'Edit' }).click();
    await role('Auditor').check();
    await field('Cards in the feeds').fill('C-1, C-2');
    await button('Save').click();
    await closed();
    await expect.poll(() => second.innerText()).toContain('Officer, Auditor');
    await second.getByRole('button', { name: 'Edit' }).click();
    await page.getByText('2 are linked now').waitFor();
    await page.keyboard.press('Escape');
    await second.getByRole('button', { name: 'Reset password' }).click();
    await page.getByText('The second factor stays').waitFor();
    await page.locator('dialog .primary').click();
    await page.locator('dialog code', { hasText: 'rope-tide-1147-lamp' }).waitFor();
    await button('Close').click();
    await expect.poll(() => second.innerText()).toContain('second factor on');
    await second.getByRole('button', { name: 'Reset second factor' }).click();
    await page.locator('dialog .primary').click();
    await expect.poll(() => second.innerText()).toContain('no second factor');
    expect(said).toEqual([]);
  });

  it('tells in words what was done, and leads to what it was done to', async () => {
    const { alert_id } = server.anyAlert().summary;
    server.openCaseOf('officer', alert_id);
    await signIn(page, server, '/audit', 'auditor');
    const line = row(`alert:${alert_id}`);
    await expect.poll(() => line.innerText()).toMatch(/Decided on an alert.*Put into a case/s);
    expect(await line.locator('a').count()).toBe(0);
    server.giveRole('auditor', 'officer');
    await page.reload();
    await line.locator('a').click();
    await page.locator('.detail h1').waitFor();
    expect(said).toEqual([]);
  });

  it('shows the secret of a second factor to a camera', async () => {
    await signIn(page, server);
    await page.locator('.menu summary').click();
    await button('Second factor').click();
    await page.locator('dialog input[type=password]').fill(server.password);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: 'Picture of the secret for the camera of a telephone' }).waitFor();
    await shoot(page, 'totp');
    expect(await axeFindings(page)).toEqual([]);
    expect(said).toEqual([]);
  });

  it.each(kLooks)('%s: nothing for axe, no sideways scrolling', async (look, options) => {
    await page.context().close();
    ({ page, said } = await openPage(browser, options));
    await signIn(page, server, '/people', 'admin');
    await button(look === 'spanish' ? 'Usuario nuevo' : 'New user').click();
    await page.locator('dialog input').first().waitFor();
    await shoot(page, `people_user_${look}`);
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    expect(said).toEqual([]);
  });
});
