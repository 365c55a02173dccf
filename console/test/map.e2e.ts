import type { Browser, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeFindings, breaks, eachWithPage, hasBrowser, openPage, type Server, shoot, signIn } from './browser';

describe.skipIf(!hasBrowser)('map', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  eachWithPage((ground) => ({ browser, server, page, said } = ground));

  const query = () => new URL(page.url()).searchParams;
  const block = (code: string) => page.locator(`[data-feature="block:HRPLE/QXT:${code}"]`);
  const panel = () => page.locator('.map-panel');
  const row = (name: string) => page.locator('.map-table tbody tr', { hasText: name }).first();
  const looks = () =>
    server.audit().filter(({ operation }: { operation: string }) => operation === 'getMapFeature').length;
  const open = async (path = '/map') => {
    await signIn(page, server, path);
    await page.locator('.map-block').first().waitFor();
  };

  it('opens by key, and a place leads to its alerts, boxes and cards', async () => {
    await signIn(page, server, '/watch');
    await page.locator('[role=option]').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await block('B2').waitFor();
    await expect.poll(() => page.locator('.map-block').count()).toBe(25);
    await block('B2').click();
    await panel().locator('.map-alert').first().waitFor();
    expect(query().get('feature')).toBe('block:HRPLE/QXT:B2');
    expect(looks(), 'opening is one look-up on record').toBe(1);
    await expect.poll(() => panel().innerText()).toContain('those without an alert are found by their number');
    await shoot(page, 'map_block');
    await page.keyboard.press('Escape');
    await panel().waitFor({ state: 'detached' });

    // By keys alone: the most urgent place first.
    await page.keyboard.press('j');
    await expect.poll(() => page.locator('.map-pointed').count()).toBe(1);
    await expect.poll(() => page.getByRole('status').last().innerText()).toContain('Block B2');
    await page.keyboard.press('Enter');
    const alert = panel().locator('.map-alert').first();
    await alert.waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await alert.click();
    await page.locator('.detail h1').waitFor();
    expect(new URL(page.url()).pathname).toBe('/watch');
    expect(said).toEqual([]);
  });

  it('shows cards as pseudonyms that lead to their timelines', async () => {
    await open();
    await row('Yard').locator('button').click();
    await panel().locator('a.fixed').first().waitFor();
    expect(await panel().locator('a.fixed').first().getAttribute('href')).toMatch(/^\/timeline\/credential\/card-/);
    await expect.poll(() => panel().locator('a.fixed').count()).toBe(14);
    expect(said).toEqual([]);
  });

  it('goes back in time, plays, and keeps all of it in the address', async () => {
    await open();
    const before = await row('Block B3').innerText();
    const slider = page.getByRole('slider', { name: 'Time shown' });
    await slider.focus();
    for (let step = 0; step < 8; step += 1) await page.keyboard.press('ArrowLeft');
    await page.waitForURL(/at=2026-03-13T02%3A55/);
    await page.waitForFunction((text) => !document.body.innerText.includes(text), before);
    await slider.press('Home');
    await page.locator('.notice', { hasText: 'yard_moves' }).waitFor();
    await shoot(page, 'map_uncovered');
    const at = query().get('at')!;
    expect(at).toBe('2026-03-10T04:55:00.000Z');
    await page.keyboard.press('Escape');
    await page.locator('.map-at').click();
    await page.keyboard.press('.');
    await page.waitForURL(/at=2026-03-10T05%3A10/);
    await page.keyboard.press('2');
    await page.waitForURL(/hide=cards/);
    await page.keyboard.press('+');
    await page.waitForURL(/view=/);
    await page.reload();
    await page.locator('.map-block').first().waitFor();
    expect(await page.getByRole('button', { name: 'Cards' }).getAttribute('aria-pressed')).toBe('false');
    expect(query().get('at')).toBe('2026-03-10T05:10:00.000Z');

    await page.getByRole('button', { name: 'Latest', exact: true }).click();
    await page.waitForURL((url) => !url.searchParams.has('at'));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.waitForURL(/at=2026-03-12T22%3A55/);
    await page.waitForURL(/at=2026-03-12T23%3A10/);
    await page.getByRole('button', { name: 'Pause' }).click();
    expect(looks(), 'nobody opened anything').toBe(0);
    expect(said).toEqual([]);
  });

  it('pans and zooms by hand without opening what lies under it', async () => {
    await open();
    const box = (await page.locator('.map-box').boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const widthOf = async () => (await block('B2').boundingBox())!.width;
    const [before, place] = [await widthOf(), (await block('B2').boundingBox())!.x];
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -400);
    await expect.poll(widthOf).toBeGreaterThan(before * 1.5);
    await page.keyboard.press('0');
    await expect.poll(widthOf).toBeCloseTo(before, 0);
    await page.mouse.down();
    await page.mouse.move(x - 60, y, { steps: 4 });
    await page.mouse.up();
    expect((await block('B2').boundingBox())!.x).toBeCloseTo(place - 60, 0);
    await expect.poll(() => panel().count()).toBe(0);
    expect(said).toEqual([]);
  });

  it('says that there is no plan, that an instant is too far back, and that it may be old', async () => {
    breaks(/net::ERR_/);
    await signIn(page, server, '/map?at=2026-01-01T00%3A00%3A00Z');
    await page.locator('.state.problem', { hasText: 'goes back to' }).waitFor();
    said.splice(0);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.map-block').first().waitFor();
    server.fallSilent();
    await page.keyboard.press(',');
    await page.locator('.notice.problem', { hasText: 'may be old' }).waitFor({ timeout: 60_000 });
    await expect.poll(() => page.locator('.map-block').count()).toBe(25);
  });

  it('has an empty state, and fits a phone', async () => {
    server.losePlan();
    await signIn(page, server, '/map');
    await page.getByText('The port has no plan yet').waitFor();
    await shoot(page, 'map_no_plan');
    expect(await axeFindings(page)).toEqual([]);
    const phone = await openPage(browser, { width: 390, theme: 'dark' });
    await signIn(phone.page, server, '/map');
    await phone.page.getByText('The port has no plan yet').waitFor();
    expect(said).toEqual([]);
  });
});
