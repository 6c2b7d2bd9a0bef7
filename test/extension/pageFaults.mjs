// Each function is sent into the page and looks at it there; what it finds comes back as text. They use nothing from outside themselves.

/** Order of headings, names of what can be used, ids, landmarks, pictures without a text. */
export function faultsOfPage() {
  const faults = [];
  const say = (what, one) => faults.push(`${what}: ${one.outerHTML.slice(0, 120)}`);
  const all = (selector) => [...document.querySelectorAll(selector)];
  let level = 0;
  for (const heading of all('h1,h2,h3,h4,h5,h6')) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) say(`h${next} after h${level}`, heading);
    if (!heading.textContent.trim()) say('empty heading', heading);
    level = next;
  }
  if (all('h1').length !== 1) faults.push(`${all('h1').length} h1`);
  for (const one of all('a[href], button, summary')) if (!one.textContent.trim() && !one.getAttribute('aria-label')) say('no name', one);
  for (const one of all('input')) if (!one.labels?.length) say('no label', one);
  for (const one of all('[tabindex="0"]')) if (!one.getAttribute('aria-label') || !one.getAttribute('role')) say('no name', one);
  for (const one of all('svg:not([aria-hidden])'))
    if (one.getAttribute('role') !== 'img' || !(one.getAttribute('aria-label') || one.querySelector('title'))) say('no text', one);
  const ids = all('[id]').map(({ id }) => id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) faults.push(`id twice: ${id}`);
  for (const one of all('[aria-labelledby]'))
    for (const id of one.getAttribute('aria-labelledby').split(' ')) if (!document.getElementById(id)) say(`no ${id}`, one);
  for (const one of all('a[href^="#"]')) if (!document.querySelector(one.getAttribute('href'))) say('leads nowhere', one);
  for (const landmark of ['main', 'nav', 'header', 'footer']) if (all(landmark).length !== 1) faults.push(`${landmark}: not one`);
  for (const one of all('th')) if (!one.scope) say('no scope', one);
  if (document.documentElement.lang !== 'en') faults.push('no language');
  if (!document.title) faults.push('no title');
  for (const one of all('*')) for (const { name } of one.attributes) if (/^on|^style$/i.test(name)) say('inline', one);
  return faults;
}

/** WCAG 2.2, 1.4.3: text against what is painted behind it; 1.4.11 with 3: marks. */
export function faultsOfContrast(least) {
  const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const parse = (text) => {
    const parts = /^rgba?\(([^)]+)\)$/
      .exec(text)?.[1]
      .split(/[ ,/]+/)
      .map(Number);
    return parts && { rgb: parts.slice(0, 3), alpha: parts[3] ?? 1 };
  };
  const over = (top, below) => top.rgb.map((value, n) => value * top.alpha + below[n] * (1 - top.alpha));
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => channel(value / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour && colour.alpha > 0) layers.push(colour);
      if (colour && colour.alpha === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const faults = new Set();
  let looked = 0;
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest('title, desc, script, style')) continue;
    const style = getComputedStyle(element);
    const isPicture = element.tagName === 'text';
    const colour = parse(isPicture ? style.fill : style.color);
    const box = isPicture && element.closest('.node')?.querySelector('rect');
    const fill = box && parse(getComputedStyle(box).fill);
    const ground = fill && fill.alpha === 1 ? fill.rgb : behind(element);
    if (!colour) {
      faults.add(`no colour: ${element.outerHTML.slice(0, 80)}`);
      continue;
    }
    looked++;
    const found = ratio(over(colour, ground), ground);
    if (found < least)
      faults.add(`${found.toFixed(2)}: ${element.tagName}.${element.getAttribute('class')} "${element.textContent.slice(0, 30)}"`);
  }
  const marks = document.querySelectorAll('.tile, .verdict, .mark, .dot, .severity');
  for (const mark of marks) {
    if (!mark.checkVisibility() || mark.matches('.tile.plain, .tile.none')) continue;
    const style = getComputedStyle(mark, mark.matches('.severity') ? '::before' : undefined);
    const side = mark.matches('.tile')
      ? 'borderTopColor'
      : mark.matches('.verdict')
        ? 'borderLeftColor'
        : mark.matches('.mark') || mark.matches('.dot.open')
          ? 'borderTopColor'
          : 'backgroundColor';
    const colour = parse(style[side]);
    const found = colour ? ratio(over(colour, behind(mark.parentElement)), behind(mark.parentElement)) : 0;
    if (found < 3) faults.add(`mark ${found.toFixed(2)}: ${mark.getAttribute('class')}`);
  }
  if (looked < 100) faults.add(`only ${looked} texts were looked at`);
  return [...faults];
}

/** Whether the page scrolls sideways, or a text is wider than the place that it has. */
export function faultsOfText() {
  const faults = [];
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) faults.push(`the page is ${scrollWidth} wide`);
  for (const one of document.querySelectorAll('p, h1, h2, h3, li, dt, dd, label, summary')) {
    if (!one.checkVisibility() || one.closest('.scroll, nav')) continue;
    const box = one.getBoundingClientRect();
    if (box.right > innerWidth + 1) faults.push(`out of the page: ${one.outerHTML.slice(0, 80)}`);
  }
  return faults;
}
