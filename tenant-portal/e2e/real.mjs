// Signs in at a running control plane through its real sign-in service, visits the pages and compares what they show
// with what is expected. Screenshots go to --out. Exit code 0: all was there; 1: something was missing, and what.
//
//   node e2e/real.mjs --url http://127.0.0.1:8080 --user NAME --password-env VAR --out DIR [--expect FILE]
//
// FILE is JSON; every part may be left out:
//   {"headline": "...", "sites": ["..."], "appliances": ["..."], "machines": [{"name": "...", "points": 2, "protection": "Protected",
//    "proof": "Verified"}], "invoice": {"total": "0.67", "lines": ["..."]}, "wholesale": {"total": "200.33", "lines": []}, "msps": ["..."]}
// A total is the exact decimal that the API gives.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromiumPath, findings, openBrowser, shoot, signIn } from './browser.mjs';

const { values } = parseArgs({
  options: {
    url: { type: 'string' }, user: { type: 'string' }, 'password-env': { type: 'string' }, out: { type: 'string' },
    expect: { type: 'string' }, dark: { type: 'boolean', default: false },
  },
});

function stop(words) {
  console.error(words);
  process.exit(2);
}

for (const name of ['url', 'user', 'password-env', 'out']) if (!values[name]) stop(`--${name} is missing`);
const password = process.env[values['password-env']] ?? stop(`the environment has no ${values['password-env']}`);
if (!chromiumPath()) stop('Chromium is not installed: apt-get install chromium');
const expected = values.expect ? JSON.parse(readFileSync(values.expect, 'utf8')) : {};

const browser = await openBrowser({ scheme: values.dark ? 'dark' : 'light' });
const { page } = browser;
const missing = [];
const seen = [];

/** Runs one step; what fails is told at the end, with a screenshot, and the next step is tried. */
async function step(what, body) {
  try {
    await body();
    seen.push(what);
    console.log(`ok      ${what}`);
  } catch (error) {
    missing.push(what);
    console.log(`MISSING ${what}: ${String(error.message ?? error).split('\n')[0]}`);
    await shoot(page, values.out, `missing-${missing.length}`);
  }
}

async function go(label, heading = label) {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: label, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: heading }).first().waitFor();
}

/** The first thing on the page itself, not in a menu or a picker, that carries the words. */
function inMain(words) {
  return page.locator('main').getByText(words).locator('visible=true').first();
}

async function settled() {
  await page.locator('main [role=status]', { hasText: 'Reading' }).first().waitFor({ state: 'detached' });
}

async function list(label, names) {
  await step(`page ${label}`, async () => {
    await go(label);
    await settled();
  });
  for (const name of names ?? []) await step(`${label}: ${name}`, () => inMain(name).waitFor());
  await shoot(page, values.out, label.toLowerCase());
}

async function machine({ name, points, protection, proof }) {
  await step(`machine ${name}`, async () => {
    await go('Machines');
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await settled();
  });
  if (protection) {
    await step(`machine ${name} is called “${protection}”`, () => page.getByText(protection, { exact: true }).first().waitFor());
  }
  if (points !== undefined) {
    await step(`machine ${name} has ${points} restore points`, async () => {
      const rows = page.getByTestId('points').locator('> li');
      await rows.first().waitFor();
      const older = page.getByRole('button', { name: 'Show older points' });
      while ((await rows.count()) < points && (await older.isVisible())) {
        const before = await rows.count();
        await older.click();
        await rows.nth(before).waitFor();
      }
      const count = await rows.count();
      if (count !== points) throw new Error(`the page shows ${count}`);
    });
  }
  if (proof) {
    await step(`every point of ${name} is “${proof}”`, async () => {
      const rows = await page.getByTestId('points').locator('> li').count();
      const proven = await page.getByTestId('points').locator('> li').getByText(proof, { exact: true }).count();
      if (rows === 0 || proven !== rows) throw new Error(`${proven} of ${rows} are`);
    });
  }
  const first = page.getByTestId('points').getByRole('button').first();
  if (await first.isVisible()) {
    await first.click();
    await step(`a point of ${name} tells how to restore it`, () => page.getByRole('heading', { name: 'To restore it' }).waitFor());
  }
  await shoot(page, values.out, `machine-${name.replace(/[^\w-]+/g, '-')}`);
}

async function invoice(label, heading, { total, lines = [] }) {
  await step(`page ${label}`, async () => {
    await go(label, heading);
    await settled();
  });
  if (total !== undefined) {
    await step(`${label} comes to ${total}`, async () => {
      const shown = await page.getByTestId('invoice-total').getAttribute('data-value');
      if (!same(shown, total)) throw new Error(`the page shows ${shown}`);
    });
  }
  for (const line of lines) await step(`${label} has a line “${line}”`, () => page.getByText(line).first().waitFor());
  const first = page.getByTestId('invoice-lines').getByRole('button').first();
  if (await first.isVisible()) {
    await step(`${label} explains its first line`, async () => {
      await first.click();
      await page.getByText(/Rests on [\d,]+ usage record|fixed charge/).first().waitFor();
      await settled();
    });
  }
  await shoot(page, values.out, label.toLowerCase());
}

const same = (a, b) => a !== null && a.replace(/\.?0+$/, '') === String(b).replace(/\.?0+$/, '');

await step(`signing in as ${values.user}`, () => signIn(page, values.url, values.user, password));
if (missing.length === 0) {
  await step('live changes', () => page.locator('[data-live="live"]').waitFor());
  await step('the first page', async () => {
    await page.getByRole('heading', { level: 1 }).waitFor();
    await settled();
    if (expected.headline) await page.getByText(expected.headline, { exact: true }).waitFor();
  });
  await shoot(page, values.out, 'first-page');
  const menu = await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents();
  if (menu.includes('Sites')) await list('Sites', expected.sites);
  if (menu.includes('Appliances')) await list('Appliances', expected.appliances);
  if (menu.includes('MSPs')) await list('MSPs', expected.msps);
  if (menu.includes('Machines')) await list('Machines', (expected.machines ?? []).map(({ name }) => name));
  for (const each of expected.machines ?? []) await machine(each);
  if (expected.invoice) await invoice(menu.includes('Retail') ? 'Retail' : 'Invoice', /^(Invoice|Retail)/, expected.invoice);
  if (expected.wholesale) await invoice('Wholesale', /^Wholesale/, expected.wholesale);
  await step('accessibility of the last page', async () => {
    const found = await findings(page);
    if (found.length > 0) throw new Error(found.join('; '));
  });
  await step('a browser console without complaints', () => {
    const complaints = browser.faults.filter((fault) => !/favicon|ERR_ABORTED/.test(fault));
    if (complaints.length > 0) throw new Error([...new Set(complaints)].join('; '));
  });
}
await browser.close();
console.log(`${seen.length} seen, ${missing.length} missing. Screenshots: ${values.out}`);
process.exit(missing.length === 0 ? 0 : 1);
