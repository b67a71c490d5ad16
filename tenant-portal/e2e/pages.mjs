// Every page in real Chromium over the fake: light and dark, wide and on a phone. Each must say what it should, pass
// axe-core, fit the screen and complain of nothing. Then the sign-in and the bad days. Screenshots go to --out or a
// temporary folder. Usage: node e2e/pages.mjs [--out DIR] [--only TEXT]
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startFake } from '../fake/server.mjs';
import { badDays } from './bad-days.mjs';
import { chromiumPath, DESKTOP, findings, openBrowser, overflow, PHONE, shoot, signIn } from './browser.mjs';

const { values } = parseArgs({ options: { out: { type: 'string' }, only: { type: 'string', default: '' } } });
const dist = fileURLToPath(new URL('../dist', import.meta.url));

const VARIANTS = [
  { name: 'light', scheme: 'light', viewport: DESKTOP },
  { name: 'dark', scheme: 'dark', viewport: DESKTOP },
  { name: 'phone', scheme: 'light', viewport: PHONE },
  { name: 'phone-dark', scheme: 'dark', viewport: PHONE },
];

const open = (name) => (page) => page.getByRole('link', { name, exact: true }).first().click();
const expand = (testId, nth) => (page) => page.getByTestId(testId).getByRole('button').nth(nth).click();

/** Who reads which page, what is done on it, and what must then be on it. */
const PAGES = [
  { who: 'customer', name: 'overview', path: '/', shows: '2 of 3 machines are protected as asked' },
  { who: 'customer', name: 'machines', path: '/machines', shows: 'If it is lost, it is lost.' },
  { who: 'customer', name: 'machine', path: '/machines', then: [open('patient-records')], shows: 'Show older points' },
  {
    who: 'customer', name: 'restore-point', path: '/machines', then: [open('patient-records'), expand('points', 2)],
    shows: 'The dirty bitmap was gone',
  },
  { who: 'customer', name: 'appliances', path: '/appliances', shows: 'surgery-appliance' },
  { who: 'customer', name: 'sites', path: '/sites', shows: 'High Street surgery' },
  { who: 'customer', name: 'invoice', path: '/invoice', then: [expand('invoice-lines', 0)], shows: '48 usage records' },
  { who: 'customer', name: 'no-such-page', path: '/no/such/page', shows: 'This address leads nowhere' },
  { who: 'msp', name: 'portfolio', path: '/', shows: 'Protected as asked' },
  { who: 'msp', name: 'portfolio-machines', path: '/machines', shows: 'Last backup failed' },
  { who: 'msp', name: 'portfolio-appliances', path: '/appliances', shows: 'Waiting for approval' },
  { who: 'msp', name: 'pending-appliance', path: '/appliances', then: [open('office-appliance')], shows: 'Let it in' },
  { who: 'msp', name: 'degraded-appliance', path: '/appliances', then: [open('depot-appliance-1')], shows: 'SD-3000' },
  { who: 'msp', name: 'wholesale', path: '/wholesale', shows: 'USD\u00a0201.67' },
  { who: 'owner', name: 'msps', path: '/', shows: 'Kestrel Managed Cloud' },
  { who: 'newcomer', name: 'first-day', path: '/machines', shows: 'No machine seen yet' },
];

const chromium = chromiumPath();
if (!chromium || !existsSync(join(dist, 'index.html'))) {
  const what = chromium ? 'The portal is not built: npm run build' : 'Chromium is not installed: apt-get install chromium';
  console.log(`e2e: 0 passed, all skipped. ${what}`);
  process.exit(chromium || process.env.CI === 'true' ? 1 : 0);
}

const out = values.out ?? mkdtempSync(join(tmpdir(), 'sendense-portal-'));
const failures = [];
let passed = 0;
const check = async (name, body, always = false) => {
  if (!always && !name.includes(values.only)) return;
  try {
    await body();
    passed += 1;
  } catch (error) {
    failures.push(name);
    console.log(`FAILED ${name}\n       ${String(error.message ?? error).split('\n').slice(0, 6).join('\n       ')}`);
  }
};

async function inspect(browser, name) {
  await shoot(browser.page, out, name);
  const wide = await overflow(browser.page);
  const complaints = [...(await findings(browser.page)), ...new Set(browser.faults)];
  if (wide > 0) complaints.push(`the page is ${wide} pixels wider than the screen`);
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
}

async function visit(browser, url, { path, then = [], shows }) {
  browser.faults.length = 0;
  await browser.page.goto(url + path);
  await browser.page.locator('[data-live="live"]').waitFor({ state: 'attached' });
  for (const step of then) await step(browser.page);
  await browser.page.getByText(shows).first().waitFor();
  await browser.page.locator('[role=status]', { hasText: 'Reading' }).first().waitFor({ state: 'detached' });
}

for (const variant of VARIANTS) {
  for (const who of [...new Set(PAGES.map((page) => page.who))]) {
    const mine = PAGES.filter((page) => page.who === who && `${page.name} ${variant.name}`.includes(values.only));
    if (mine.length === 0) continue;
    const fake = await startFake({ dist });
    const browser = await openBrowser(variant);
    await check(`sign-in ${who} ${variant.name}`, () => signIn(browser.page, fake.url, who, 'sendense'), true);
    for (const page of mine) {
      await check(`${page.name} ${variant.name}`, async () => {
        await visit(browser, fake.url, page);
        await inspect(browser, `${page.name}-${variant.name}`);
      });
    }
    await browser.close();
    await fake.close();
  }
}
await badDays({ dist, check, inspect });

console.log(`e2e: ${passed} passed, ${failures.length} failed. Screenshots: ${out}`);
process.exit(failures.length === 0 ? 0 : 1);
