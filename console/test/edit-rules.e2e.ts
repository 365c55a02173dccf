import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, eachWithPage, hasBrowser, openPage, shoot, signIn, type Server } from './browser';

describe.skipIf(!hasBrowser)('the rules as text', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const seals = 'seal_changed_without_inspection_or_reseal_on_record/rule.yml';
  const text = () => page.locator('.edit-lines textarea');
  const replace = async (old: string, now: string) => text().fill((await text().inputValue()).replace(old, now));

  it('takes one from the rule to a proposal, with what is wrong told on the way', async () => {
    await signIn(page, server, '/rules/c2f3b9d4-71aa-4d28-9f6e-6e0b1a2d3c05');
    await page.getByRole('link', { name: 'Edit' }).click();
    await text().waitFor();
    await expect.poll(() => page.locator('.edit-text h2').innerText()).toBe(seals);
    await page.getByText('Nothing is changed yet').waitFor();
    await replace('seal.changed: true', 'seal.changd: true');
    const problem = page.locator('.problems button');
    await problem.waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Propose' }).isDisabled()).toBe(true);
    await shoot(page, 'rules_edit_refused');
    expect(await axeFindings(page)).toEqual([]);
    await problem.click();
    const chosen = await text().evaluate((field: HTMLTextAreaElement) =>
      field.value.slice(field.selectionStart, field.selectionEnd),
    );
    expect(chosen).toContain('seal.changd');
    await replace('seal.changd', 'seal.changed');
    await replace('level: high', 'level: critical');
    await page.getByText('It compiles').waitFor();
    await shoot(page, 'rules_edit');
    expect(await axeFindings(page)).toEqual([]);
    await page.reload();
    await page.getByText('It compiles').waitFor();
    await expect.poll(() => text().inputValue()).toContain('level: critical');
    await page.getByRole('button', { name: 'Propose' }).click();
    await page.locator('dialog textarea').fill('Seals matter most.');
    await page.keyboard.press('Control+Enter');
    await page.locator('.toast', { hasText: 'waits for a second person' }).waitFor();
    await page.getByRole('article', { name: 'Proposal 4' }).getByText('Seals matter most.').waitFor();
    await page.goto(`${server.address}/rules/edit`);
    await page.getByText('Nothing is changed yet').waitFor();
    expect(said).toEqual([]);
  });

  it('makes, removes and gives back', async () => {
    await signIn(page, server, '/rules/edit');
    await text().waitFor();
    await page.getByRole('button', { name: 'New rule' }).click();
    const make = page.getByRole('button', { name: 'Make it' });
    await page.locator('dialog input').fill('Nonsense');
    await expect.poll(() => make.isDisabled()).toBe(true);
    await page.locator('dialog input').fill('box_without_papers');
    await make.click();
    await expect.poll(() => text().inputValue()).toMatch(/title: Box without papers\nid: [0-9a-f-]{36}\n/);
    await page.locator('.edit-files li', { hasText: 'box_without_papers' }).getByText('new').waitFor();
    await page.getByRole('searchbox').fill('difference seal');
    await page.getByRole('button', { name: /seal_changed/ }).click();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Removed from the set').waitFor();
    await page.getByRole('button', { name: 'Undo changes' }).click();
    await expect.poll(() => text().inputValue()).toContain('seal.changed: true');
    await page.getByRole('button', { name: 'Discard the draft' }).click();
    await page.getByText('Nothing is changed yet').waitFor();
    expect(said).toEqual([]);
  });

  it('says why one who may not see every rule cannot edit, and fits a telephone', async () => {
    await page.route('**/api/rule-sets/1', (route) =>
      route.fulfill({
        status: 404,
        contentType: 'application/problem+json',
        body: JSON.stringify({ type: 'about:blank', title: 'Not found', status: 404, code: 'not_found', detail: '' }),
      }),
    );
    await signIn(page, server, '/rules/edit');
    await page.getByText('may not see every rule in force').waitFor();
    const phone = await openPage(browser, { width: 390, theme: 'dark' });
    await signIn(phone.page, server, '/rules/edit');
    await phone.page.locator('.edit-lines textarea').waitFor();
    await shoot(phone.page, 'rules_edit_phone');
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
});
