// Debian's Chromium, driven by playwright-core: nothing is downloaded. CHROMIUM names another one.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

export function chromiumPath() {
  const path = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return existsSync(path) ? path : undefined;
}

/** A browser with a profile of its own; close() ends it and removes the profile. */
export async function openBrowser({ scheme = 'light', viewport = DESKTOP, insecure = false } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'sendense-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
    viewport, colorScheme: scheme, hasTouch: viewport.width < 500, deviceScaleFactor: 1, locale: 'en-GB', timezoneId: 'UTC',
    ignoreHTTPSErrors: insecure, reducedMotion: 'reduce',
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(20_000);
  const faults = [];
  page.on('console', (message) => {
    // A 404 is an answer the portal understands: no licence was issued, or an object of someone else.
    if (message.type() === 'error' && !message.text().includes('status of 404')) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  return {
    page,
    /** What the page complained about; scripts and styles refused by the content security policy are among it. */
    faults,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Signs in at Keycloak's form, or at the fake's, which has the same ids. */
export async function signIn(page, url, username, password) {
  await page.goto(url);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.locator('#kc-login').click();
  await page.locator('[data-live]').waitFor();
}

/** Findings of axe-core, each with the elements it is about. It runs outside the page's policy, as a person's tool does. */
export async function findings(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), RULES);
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.length}x) ${nodes.slice(0, 3).map(({ target }) => target.join(' ')).join(' | ')}`,
  );
}

/** Whether the page is wider than the screen, which on a phone means reading with two hands. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

export async function shoot(page, folder, name) {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
