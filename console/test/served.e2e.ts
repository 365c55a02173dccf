import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, eachWithPageOf, hasBrowser, openPage, shoot, signIn } from './browser';
import { hasProgram, kPassword, serveWeek, type Caller, type Week } from './served/week';

const kPages = [
  '/timeline/container/XQEU9436418',
  '/timeline/release/REL0029149',
  '/map',
  '/cases',
  '/brief',
  '/feeds/baplie%2FZQRO',
  '/rules/c2f3b9d4-71aa-4d28-9f6e-6e0b1a2d3c05',
  '/rules/coverage',
  '/unmaskings',
  '/kpis?period=all',
  '/legal/processing',
  '/legal/staff',
  '/requests',
  '/people',
  '/audit',
  '/search?q=XQEU',
];

const isHere = hasBrowser && hasProgram;
if (!isHere) console.log(`no served week: there is no ${hasBrowser ? 'built quaywatch (QUAYWATCH_PROGRAM)' : 'Chromium'}`);

/** One site for all journeys: each finds what the one before left, as colleagues do; so none is tried again. */
describe.skipIf(!isHere)('a served week', { retry: 0 }, () => {
  let week: Week;
  let admin: Caller;
  let browser: Browser;
  let page: Page;
  let said: string[];
  beforeAll(async () => {
    const started = Date.now();
    week = await serveWeek();
    console.log(`a week simulated, taken in and served: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }, 240_000);
  afterAll(() => week?.stop());
  eachWithPageOf(
    async () => ({ stop: async () => {} }),
    { fixedTime: false },
    (ground) => ({ browser, page, said } = ground),
  );

  const rows = () => page.locator('[role=option]');
  const shown = async () => Number.parseInt(await page.locator('.queue-foot').innerText(), 10);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const send = async () => {
    await press('Control+Enter');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  };
  const toast = (text: string) => page.locator('.toast', { hasText: text });
  const enter = (login: string, path: string) => signIn(page, { ...week, password: kPassword }, path, login);
  /** The alert of this title, open, by the keyboard alone. */
  const openByKey = async (title: string) => {
    await rows().first().waitFor();
    const titles = await page.locator('[role=option] .alert-title').allInnerTexts();
    for (let at = titles.indexOf(title); at >= 0; at--) await press('j');
    await press('Enter');
    await expect.poll(() => page.locator('.detail h1').innerText()).toBe(title);
  };

  it('lets the first administrator in with the one-time password, once it is changed', async () => {
    await page.goto(week.address);
    await page.locator('input[autocomplete=username]').fill('admin');
    await page.locator('input[autocomplete=current-password]').fill(week.password);
    await press('Enter');
    await page.getByText('one-time password. Choose').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    const [current, next, again] = await page.locator('input[type=password]').all();
    await current!.fill(week.password);
    await next!.fill(kPassword);
    await again!.fill(kPassword);
    await press('Enter');
    await rows().first().waitFor();
    await expect.poll(() => page.locator('.live.live').count()).toBe(1);
    await shoot(page, 'served_watch');
    expect(await axeFindings(page)).toEqual([]);

    admin = await week.caller().signIn('admin');
    await week.addStaff(admin, 'second', 'Second officer', ['officer']);
    await week.addStaff(admin, 'viewer', 'Liaison', ['viewer']);
    expect(said).toEqual([]);
  });

  it('triages an alert by keystroke', async () => {
    await enter('second', '/watch');
    await openByKey('Reefer without power, and nobody ordered it');
    const all = await shown();
    await press('t');
    await page.locator('.detail .triage.taken', { hasText: 'Second officer' }).waitFor();
    await press('d');
    await page.locator('dialog[open]').waitFor();
    await press('4');
    await page.keyboard.type('The plug was changed; the terminal says so.');
    await send();
    await toast('Dismissed').waitFor();
    await expect.poll(shown).toBe(all - 1);
    await press('u');
    await toast('Undone').waitFor();
    await expect.poll(shown).toBe(all);
    expect(await axeFindings(page)).toEqual([]);
    expect(said).toEqual([]);
  });

  it('decides on several alerts at once, and takes that back', async () => {
    await enter('second', '/watch?level=low');
    await rows().first().waitFor();
    const all = await shown();
    await press('j', 'x', 'Shift+ArrowDown', 'Shift+ArrowDown', 'd');
    await page.locator('dialog[open]', { hasText: '3 alerts at once' }).waitFor();
    await press('3');
    await page.keyboard.type('The reader was out of order.');
    await send();
    await toast('Dismissed: 3 alerts').waitFor();
    await expect.poll(shown).toBe(all - 3);
    await press('u');
    await toast('Undone on 3 alerts').waitFor();
    await expect.poll(shown).toBe(all);
    await press('Home', 'x', 'j', 'x', 'c');
    await page.locator('dialog[open] input[name=choice]').first().waitFor();
    await send();
    await toast('Put into a case: 2 alerts').getByRole('button', { name: 'Undo' }).click();
    await toast('Undone on 2 alerts').waitFor();
    await expect.poll(shown).toBe(all);
    expect(said).toEqual([]);
  });

  it('follows the container of an alert, opens a case from it and closes the case with an outcome', async () => {
    await enter('second', '/watch');
    await openByKey('Car stated in a second container, or listed as stolen');
    await press('l');
    await page.locator('.event.chosen').waitFor();
    await page.waitForURL(/\/timeline\/container\/XQEU9436418\?alert=/);
    await expect.poll(() => page.locator('.timeline-table tbody tr').count()).toBeGreaterThan(2);
    await expect.poll(() => page.locator('.alert-flag.chosen').count()).toBe(1);
    await shoot(page, 'served_timeline');
    expect(await axeFindings(page)).toEqual([]);

    await page.goBack();
    await page.locator('.detail h1').waitFor();
    await press('c');
    await page.locator('dialog[open] input[name=choice]').first().waitFor();
    await send();
    await toast('Put into a case').getByRole('link', { name: 'To the case' }).click();
    await page.locator('.alert-link', { hasText: 'Car stated in a second container' }).waitFor();
    await page.getByRole('button', { name: 'Close case' }).click();
    await page.locator('dialog select').selectOption('seizure');
    await page.locator('dialog textarea').fill('Two cars were found that the papers do not name.');
    await send();
    await page.locator('.case-head .tag', { hasText: 'Seizure' }).waitFor();
    await shoot(page, 'served_case');
    expect(await axeFindings(page)).toEqual([]);
    await page.reload();
    await page.locator('.case-head .tag', { hasText: 'Closed' }).waitFor();
    expect(said).toEqual([]);
  });

  it('tries a rule on the week, proposes it, and has another put it in force', async () => {
    await enter('admin', '/rules');
    const seals = page.getByRole('link', { name: 'Seal changed without inspection or reseal on record' });
    await seals.click();
    await page.getByRole('link', { name: 'Edit' }).click();
    const text = page.locator('.edit-lines textarea');
    await text.fill((await text.inputValue()).replace('level: high', 'level: critical'));
    await page.getByText('It compiles').waitFor();
    await page.getByRole('button', { name: 'Try on history' }).click();
    await page.locator('dialog .primary').click();
    const tried = page.getByRole('region', { name: 'Tried on history' });
    await tried.locator('.trial-chart').waitFor({ timeout: 60_000 });
    await shoot(page, 'served_tried');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Propose' }).click();
    await page.locator('dialog textarea').fill('Seals matter most.');
    await send();
    const proposal = page.getByRole('article', { name: 'Proposal 1' });
    await proposal.getByText('Seals matter most.').waitFor();
    const approve = () => proposal.getByRole('button', { name: 'Approve' });
    await expect.poll(() => approve().isDisabled()).toBe(true);
    expect(said).toEqual([]);

    ({ page, said } = await openPage(browser, { fixedTime: false }));
    await enter('second', '/rules');
    await proposalOf(page).locator('summary').click();
    await proposalOf(page).locator('.diff .new', { hasText: 'level: critical' }).waitFor();
    await expect.poll(() => proposalOf(page).innerText()).toContain('this server');
    await proposalOf(page).getByRole('button', { name: 'Approve' }).click();
    await page.locator('dialog textarea').fill('Tried on the week.');
    await send();
    await toast('In force: version 1').waitFor();
    await page.getByText('version 1', { exact: false }).first().waitFor();
    await shoot(page, 'served_rules');
    expect(said).toEqual([]);
  });
  const proposalOf = (of: Page) => of.getByRole('article', { name: 'Proposal 1' });

  it('shows the bytes of a rejected record and reads it again when its mapping is mended', async () => {
    await enter('second', '/feeds');
    await page.locator('td .as-link').first().waitFor();
    week.deliverBroken();
    await page.getByRole('button', { name: 'broken_lane' }).click({ timeout: 30_000 });
    await page.getByText('The first 100 are shown.').waitFor();
    await expect.poll(() => page.locator('.reject').count()).toBe(100);
    week.deliverMoves();
    const feed = page.getByRole('button', { name: 'outer_lane' });
    await feed.waitFor({ timeout: 30_000 });
    await feed.click();
    await expect.poll(() => page.locator('.reject pre').innerText()).toMatch(/^ +49 +51 41 59 55 .*QAYU1000027;25\./);
    await shoot(page, 'served_reject');
    expect(await axeFindings(page)).toEqual([]);
    const again = page.getByRole('button', { name: 'Read again' });
    await again.click();
    await toast('1 event, 1 rejected').waitFor();
    week.mendMapping();
    await again.click();
    await toast('2 events, 0 rejected').waitFor();
    await page.getByText('Nothing of this feed was rejected.').waitFor();

    week.deliverUnknown();
    await page.getByRole('button', { name: 'Files of no feed' }).click({ timeout: 30_000 });
    await page.locator('.reject', { hasText: 'no mapping file names it' }).waitFor();
    await page.getByText('The bytes are not shown: they may name persons.').waitFor();
    expect(said).toEqual([]);
  });

  it('shows every page with what the week left, without a fault', async () => {
    await enter('admin', '/watch');
    await rows().first().waitFor();
    for (const path of kPages) {
      await page.goto(week.address + path);
      await page.locator('main h1').first().waitFor({ state: 'attached' });
      await expect.poll(() => page.locator('.state.loading').count(), { message: path }).toBe(0);
      await shoot(page, `served${path.replace(/\W+/g, '_')}`);
      expect(await page.locator('main [role=alert]').allInnerTexts(), path).toEqual([]);
      expect(await axeFindings(page), path).toEqual([]);
    }
    expect(said).toEqual([]);
  });

  it('refuses whoever has not the right: on the page, and behind it', async () => {
    await enter('viewer', '/watch');
    await rows().first().waitFor();
    await press('j', 'Enter');
    await page.locator('.detail h1').waitFor();
    await press('d');
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
    await expect.poll(() => page.locator('.detail-head .button.primary').count()).toBe(0);
    const alertId = new URL(page.url()).searchParams.get('alert');
    for (const path of ['/people', '/audit', '/requests']) {
      await page.goto(week.address + path);
      await page.getByRole('alert').getByText('Not for your role').waitFor();
    }
    expect(await axeFindings(page)).toEqual([]);
    await shoot(page, 'served_refused');

    const viewer = await week.caller().signIn('viewer');
    const refused = [
      await viewer.call('POST', `/api/alerts/${alertId}/decisions`, { action: 'take' }),
      await viewer.call('POST', '/api/cases', { title: 'Not mine to open' }),
      await viewer.call('GET', '/api/users'),
      await viewer.call('POST', '/api/rule-sets/1/decisions', { action: 'approve', reason: 'because' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect((await week.caller().call('GET', '/api/alerts')).status).toBe(401);
    expect(said).toEqual([]);
  });
});
