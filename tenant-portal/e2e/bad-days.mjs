// The sign-in, and what a person meets when something is down.
import { startFake } from '../fake/server.mjs';
import { openBrowser, PHONE, signIn } from './browser.mjs';

const expect = (truth, words) => {
  if (!truth) throw new Error(words);
};

export async function badDays({ dist, check, inspect }) {
  const scene = (name, body, options) =>
    check(name, async () => {
      const fake = await startFake({ dist });
      const browser = await openBrowser(options);
      try {
        await body(browser.page, fake, browser);
      } finally {
        await browser.close();
        await fake.close();
      }
    });

  await scene('the sign-in page', async (page, fake, browser) => {
    await page.goto(fake.url);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await inspect(browser, 'sign-in');
  });

  await scene('a link opens after sign-in, and stays open after a reload', async (page, fake) => {
    await signIn(page, `${fake.url}/machines?show=unprotected`, 'customer', 'sendense');
    await page.getByText('x-ray-import').waitFor();
    expect(new URL(page.url()).search === '?show=unprotected', `came back to ${page.url()}`);
    await page.reload();
    await page.getByText('x-ray-import').waitFor();
    expect(new URL(page.url()).pathname === '/machines', `reloaded to ${page.url()}`);
  });

  await scene('no token is kept in the browser', async (page, fake) => {
    await signIn(page, fake.url, 'customer', 'sendense');
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
    expect(!/token|eyJ/.test(kept), `the browser keeps ${kept}`);
    expect(!(await page.content()).includes('access_token'), 'a token is in the page');
    expect(!page.url().includes('code='), 'the code is still in the address');
  });

  await scene('signing out needs a password to come back', async (page, fake) => {
    await signIn(page, fake.url, 'customer', 'sendense');
    await page.getByRole('button', { name: 'Account of customer' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('#password').waitFor();
  });

  await scene('the sign-in service is down', async (page, fake, browser) => {
    fake.faults.identityDown = true;
    await page.goto(fake.url);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('The sign-in service does not answer').waitFor();
    browser.faults.length = 0;
    await inspect(browser, 'sign-in-service-down');
    fake.faults.identityDown = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('#username').waitFor();
  });

  await scene('the control plane goes away and comes back', async (page, fake, browser) => {
    await signIn(page, `${fake.url}/machines`, 'customer', 'sendense');
    await page.getByText('patient-records').waitFor();
    fake.faults.apiDown = true;
    fake.endStreams();
    await page.getByText('Every 30 s').waitFor();
    expect(await page.getByText('patient-records').isVisible(), 'what was read is gone');
    await page.getByRole('link', { name: 'Invoice' }).click();
    await page.getByText('The control plane does not answer').first().waitFor();
    browser.faults.length = 0;
    await inspect(browser, 'control-plane-down');
    fake.faults.apiDown = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByTestId('invoice-total').waitFor();
    await page.locator('[data-live="live"]').waitFor({ timeout: 40_000 });
  });

  await scene('the session ends while someone reads', async (page, fake, browser) => {
    await signIn(page, `${fake.url}/machines`, 'customer', 'sendense');
    await page.getByText('patient-records').waitFor();
    fake.identity.endSessions();
    fake.emit({ type: 'vm' });
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    browser.faults.length = 0;
    await inspect(browser, 'session-ended');
    expect(!(await page.content()).includes('patient-records'), 'what was read is still on the page');
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.locator('#username').fill('customer');
    await page.locator('#password').fill('sendense');
    await page.locator('#kc-login').click();
    await page.getByText('patient-records').waitFor();
  });

  await scene('a token that ends is renewed unseen', async (page, fake) => {
    fake.faults.lifetimeSeconds = 31;
    await signIn(page, `${fake.url}/machines`, 'customer', 'sendense');
    await page.waitForTimeout(1500);
    fake.faults.lifetimeSeconds = 300;
    await page.getByRole('link', { name: 'Sites' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sites' }).waitFor();
    await page.getByText('High Street surgery').first().waitFor();
    expect(!(await page.getByText('session has ended').isVisible()), 'asked to sign in again');
  });

  await scene('a change appears without anyone pressing anything', async (page, fake) => {
    await signIn(page, `${fake.url}/machines`, 'customer', 'sendense');
    await page.getByText('x-ray-import').waitFor();
    fake.world.vms.find(({ name }) => name === 'x-ray-import').name = 'x-ray-renamed';
    fake.emit({ type: 'vm' });
    await page.getByText('x-ray-renamed').waitFor({ timeout: 3000 });
  });

  await scene('everything can be reached by keyboard', async (page, fake) => {
    await signIn(page, fake.url, 'customer', 'sendense');
    await page.getByTestId('headline').waitFor();
    await page.keyboard.press('Tab');
    expect((await focused(page)) === 'Skip to the page', `first stop is ${await focused(page)}`);
    await page.keyboard.press('Enter');
    expect((await page.evaluate(() => document.activeElement?.id)) === 'main', 'the skip link leads nowhere');
    await page.getByRole('link', { name: 'Machines', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Machines' }).waitFor();
    await page.getByRole('link', { name: 'patient-records' }).focus();
    await page.keyboard.press('Enter');
    const point = page.getByTestId('points').getByRole('button').first();
    await point.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'To restore it' }).waitFor();
    expect((await point.getAttribute('aria-expanded')) === 'true', 'an open point does not say so');
  });

  await scene('a dark room stays dark after a reload', async (page, fake) => {
    await signIn(page, fake.url, 'customer', 'sendense');
    await page.getByRole('button', { name: 'Account of customer' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.keyboard.press('Escape');
    await page.reload({ waitUntil: 'commit' });
    await page.getByTestId('headline').waitFor();
    expect((await page.evaluate(() => document.documentElement.dataset.theme)) === 'dark', 'light again');
  });

  await scene(
    'the menu on a phone',
    async (page, fake, browser) => {
      await signIn(page, fake.url, 'customer', 'sendense');
      await page.getByRole('button', { name: 'Menu', exact: true }).click();
      await page.getByRole('dialog').getByRole('link', { name: 'Machines' }).waitFor();
      await inspect(browser, 'menu-phone');
      await page.getByRole('dialog').getByRole('link', { name: 'Machines' }).click();
      await page.getByText('patient-records').first().waitFor();
      expect(!(await page.getByRole('dialog').isVisible()), 'the menu stays open');
    },
    { viewport: PHONE },
  );
}

function focused(page) {
  return page.evaluate(() => document.activeElement?.textContent);
}
