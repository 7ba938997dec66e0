// Looks at the pages in a folder: see run.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const { chromium } = createRequire(path.join(process.env.TOOLS, 'package.json'))('playwright-core');
const folder = process.argv[2];
const patience = 120000;
let passed = 0;
let failed = 0;

function assert(isSo, text) {
  if (!isSo) throw new Error(text);
}

function equal(expected, actual, what) {
  assert(JSON.stringify(expected) === JSON.stringify(actual), `${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--force-color-profile=srgb'],
  timeout: patience,
});

// Opens a page and has it looked at. Whatever it complains of, asks for or runs is told.
async function look(file, options, action) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    const complaints = [];
    const asked = [];
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => { complaints.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on('request', (request) => asked.push(request.url()));
    const url = pathToFileURL(path.join(folder, file)).href;
    await page.goto(url);
    await action(page, complaints);
    equal([], complaints, 'the browser complains');
    equal([url], asked.filter((one) => !one.startsWith(`${url}#`)), 'it asks for');
    equal(null, await page.evaluate(() => window.ran ?? null), 'a name has run');
  } finally {
    await context.close();
  }
}

async function check(title, file, options, action) {
  try {
    await look(file, options, action);
    passed++;
    console.log(`passed: ${title}`);
  } catch (error) {
    failed++;
    console.log(`failed: ${title}: ${String(error.message).split('\n').slice(0, 6).join(' ')}`);
  }
}

const told = (page) => page.locator('#told').textContent();
const filter = (page, text) => page.getByRole('searchbox', { name: 'Filter' }).fill(text);
const guests = '[data-item="guest"]';
const shown = (page, what) => page.locator(what).evaluateAll(
  (all) => all.filter((one) => !one.closest('.off')).map((one) => one.querySelector('bdi').textContent));

// The contrast of every text with what is behind it (WCAG 2.2, 1.4.3), for texts of the page; the pictures are tested by their colours.
const contrasts = () => {
  const parse = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const bad = new Set();
  for (const element of document.body.querySelectorAll('*:not(svg *):not(script):not(.unseen)')) {
    if (![...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) bad.add(`${element.tagName} ${element.className}: ${contrast.toFixed(2)}`);
  }
  for (const element of document.querySelectorAll('svg text')) {
    const a = light(parse(getComputedStyle(element).fill));
    for (const rect of [...document.querySelectorAll('svg .box, svg .band, svg .page')].slice(0, 20)) {
      const b = light(parse(getComputedStyle(rect).fill));
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (contrast < 4.5) bad.add(`svg text ${element.getAttribute('class')} on ${rect.getAttribute('class')}: ${contrast.toFixed(2)}`);
    }
  }
  return [...bad];
};

const fits = async (page, width) => {
  await page.setViewportSize({ width, height: 900 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert(over <= 0, `at ${width} pixels the page is ${over} pixels too wide`);
};

// Light and dark, of each size.
const pages = ['nothing', 'guests-1', 'guests-5', 'guests-50', 'guests-500', 'readme', 'hosts', 'hostile', 'unshown'];
for (const name of pages) {
  const backs = {};
  for (const colorScheme of ['light', 'dark']) {
    await check(`${name}, ${colorScheme}: it opens without a complaint, every text can be read, and it fits`, `${name}.html`, { colorScheme }, async (page) => {
      equal([], await page.evaluate(contrasts), 'texts of too little contrast');
      backs[colorScheme] = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}.png`), fullPage: true });
      await page.setViewportSize({ width: 1280, height: name === 'guests-50' ? 1150 : 900 });
      await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}-first.png`) });
      await fits(page, 1280);
      await fits(page, 390);
      if (name === 'guests-50') await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}-narrow.png`) });
    });
  }
  if (backs.light === backs.dark) {
    failed++;
    console.log(`failed: ${name}: light and dark are the same: ${backs.light}`);
  }
}

for (const [name, count] of [['guests-1', 1], ['guests-5', 5], ['guests-50', 50], ['guests-500', 500]]) {
  await check(`${name}: the filter filters and says how many it shows`, `${name}.html`, {}, async (page) => {
    const all = await shown(page, guests);
    equal(count, all.length, 'guests');
    const noun = count === 1 ? 'guest' : 'guests';
    assert((await told(page)).startsWith(`${count} ${noun}, `), `it says: ${await told(page)}`);
    const one = all[all.length - 1];
    await filter(page, one.toUpperCase());
    const expected = all.filter((guest) => guest.includes(one));
    equal(expected, await shown(page, guests), 'shown');
    assert((await told(page)).startsWith(`Shows ${expected.length} of ${count} ${noun}, `), `it says: ${await told(page)}`);
    assert(await page.locator(guests).filter({ hasText: one }).last().locator('bdi').first().isVisible(), `${one} is not visible`);
    await filter(page, 'no such thing');
    equal([], await shown(page, '[data-item]'), 'shown');
    assert((await told(page)).startsWith(`Shows 0 of ${count} ${noun}, `), `it says: ${await told(page)}`);
    await filter(page, '');
    equal(all, await shown(page, guests), 'shown again');
    equal(0, await page.locator('details[open]').count(), 'left unfolded');
  });
}

await check('the filter finds by MAC address, by state and by several words', 'guests-50.html', {}, async (page) => {
  await filter(page, '00:16:3e:00:0c:00');
  equal(['web03'], await shown(page, guests), 'by MAC address');
  await filter(page, 'broken xenbr0');
  equal(['web34'], await shown(page, guests), 'by state and bridge');
  await filter(page, 'web03 netdd');
  equal(['web03'], await shown(page, guests), 'a member, by what its group has in common');
  await page.screenshot({ path: path.join(folder, 'guests-50-filtered.png'), fullPage: true });
  await filter(page, 'pciback');
  equal(2, (await shown(page, '[data-item="device"]')).length, 'by driver');
});

await check('the filter is announced, and named', 'guests-5.html', {}, async (page) => {
  const tree = await page.locator('body').ariaSnapshot();
  for (const part of ['searchbox "Filter"', 'status', 'banner', 'main', 'search', 'heading "Guests" [level=2]', 'img "Driver domains of root@xen1.example.net:22"', 'table "5 guests', 'rowheader "web1"', 'columnheader "Memory"', 'region "Guests"']) {
    assert(tree.includes(part), `no ${part} in:\n${tree}`);
  }
});

for (const name of ['guests-5', 'guests-500']) {
  await check(`${name}: the keyboard reaches what unfolds, shows where it is, and unfolds it`, `${name}.html`, {}, async (page) => {
    const at = () => page.evaluate(() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      return { name: element.tagName, outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth), id: element.id };
    });
    await page.keyboard.press('Tab');
    equal('A', (await at()).name, 'the first stop');
    for (let i = 0; i < 100 && (await at()).name !== 'SUMMARY'; i++) {
      const here = await at();
      assert(here.outline >= 2, `nothing shows where the focus is, at ${here.name} ${here.id}`);
      await page.keyboard.press('Tab');
    }
    const summary = await at();
    equal('SUMMARY', summary.name, 'the stop');
    assert(summary.outline >= 2, 'nothing shows where the focus is');
    const isOpen = () => page.evaluate(() => document.activeElement.parentElement.open);
    equal(false, await isOpen(), 'unfolded');
    await page.keyboard.press('Enter');
    equal(true, await isOpen(), 'unfolded by Enter');
    await page.keyboard.press('Space');
    equal(false, await isOpen(), 'folded by Space');
  });
}

await check('with scripts off everything is shown and there is no filter', 'guests-500.html', { javaScriptEnabled: false }, async (page) => {
  assert(!await page.locator('#bar').isVisible(), 'the filter is shown');
  for (const summary of await page.locator('[data-group] summary').all()) await summary.click();
  equal(500, await page.locator(`${guests} bdi`).evaluateAll(
    (all) => new Set(all.filter((one) => one.checkVisibility() && one.closest('th')).map((one) => one.textContent)).size), 'guests that are visible');
});

await check('on paper everything is unfolded, nothing is filtered, and the ink is dark', 'guests-50.html', { colorScheme: 'dark' }, async (page) => {
  await filter(page, 'web03');
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = false; }));
  await page.emulateMedia({ media: 'print' });
  assert(!await page.locator('#bar').isVisible(), 'the filter is printed');
  const hidden = await page.evaluate(() => [...document.querySelectorAll('main td, main th')]
    .filter((cell) => !cell.checkVisibility({ contentVisibilityAuto: true }) || cell.getBoundingClientRect().height === 0)
    .map((cell) => cell.textContent));
  equal([], hidden, 'not printed');
  equal('rgb(255, 255, 255)', await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'paper');
  equal('rgb(255, 255, 255)', await page.evaluate(() => getComputedStyle(document.querySelector('svg .page')).fill), 'paper of the picture');
  equal([], await page.evaluate(contrasts), 'texts of too little contrast');
  await page.screenshot({ path: path.join(folder, 'guests-50-print.png'), fullPage: true });
  await page.pdf({ path: path.join(folder, 'guests-50.pdf'), format: 'A4', landscape: true });
});

await check('500 guests are a picture of one screen', 'guests-500.html', {}, async (page) => {
  const box = await page.locator('figure svg').boundingBox();
  assert(box.height < 900, `it is ${box.height} pixels high`);
});

await check('several hosts are reached by their links', 'hosts.html', {}, async (page) => {
  const links = page.getByRole('navigation', { name: 'Hosts' }).getByRole('link');
  equal(2, await links.count(), 'links');
  await links.nth(1).click();
  await page.waitForFunction(() => Math.abs(document.querySelector('#host1').getBoundingClientRect().top) < 400);
  await filter(page, 'stobr0');
  equal(1, await page.locator('.host:not(.off) [data-part]:not(.off) [data-item="domain"]:not(.off)').count(), 'driver domains shown');
});

for (const name of ['hostile', 'unshown']) {
  await check(`${name}: names stay names, also unfolded, filtered and touched`, `${name}.html`, {}, async (page) => {
    for (const summary of await page.locator('summary').all()) if (await summary.isVisible()) await summary.click();
    await filter(page, '<script>');
    await filter(page, '');
    await page.locator('bdi').first().hover();
    await page.locator('td bdi').last().hover();
    equal(['script', 'style'], await page.evaluate(
      () => [...document.querySelectorAll('script, style, iframe, object, embed, link, base, img, a:not([href^="#"])')]
        .map((one) => one.localName).sort()), 'elements');
    equal(0, await page.evaluate(() => [...document.querySelectorAll('*')]
      .filter((one) => [...one.attributes].some((a) => a.name.startsWith('on') || a.name === 'style')).length), 'attributes that act');
  });
}

await check('the policy lets nothing run that is put into the page', 'guests-5.html', {}, async (page, complaints) => {
  await page.evaluate(() => {
    const holder = document.createElement('div');
    holder.innerHTML = '<b onclick="window.ran = 1">x</b><p style="color: red">y</p>';
    document.body.append(holder);
    holder.firstChild.click();
    const script = document.createElement('script');
    script.textContent = 'window.ran = 2';
    document.body.append(script);
  });
  await page.waitForFunction(() => true);
  equal('rgb(31, 35, 40)', await page.evaluate(() => getComputedStyle(document.querySelector('body > div > p')).color), 'colour');
  assert(complaints.length >= 3 && complaints.every((text) => text.includes('Content Security Policy')), complaints.join('\n'));
  complaints.length = 0;
});

await browser.close();
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
