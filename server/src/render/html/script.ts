/**
 * The page's only script: it filters, folds, and tells an editor what was chosen. Without it everything can be read. It gets no data but the page
 * itself and writes nothing into it but the count of what is shown.
 */
export const script = `(() => {
  'use strict';
  const editor = typeof acquireVsCodeApi === 'function' ? acquireVsCodeApi() : undefined;
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const form = document.getElementById('controls');
  const rules = all('details.rule');
  const save = () => editor && editor.setState({
    y: scrollY,
    filter: form ? form.elements.filter.value : '',
    off: form ? all('[name=severity]:not(:checked)', form).map((box) => box.value) : [],
    folds: all('details').map((one) => one.open),
  });
  if (form) {
    const rows = all('#findings .finding').map((row) => ({ row, text: row.textContent.toLowerCase(), severity: row.dataset.severity }));
    const shown = document.getElementById('shown');
    const apply = () => {
      const wanted = form.elements.filter.value.trim().toLowerCase();
      const on = new Set(all('[name=severity]:checked', form).map((box) => box.value));
      let n = 0;
      for (const { row, text, severity } of rows) {
        row.hidden = !on.has(severity) || !(text.includes(wanted) || row.closest('.rule').dataset.rule.includes(wanted));
        if (!row.hidden) n++;
      }
      for (const rule of rules) {
        rule.hidden = !rule.querySelector('.finding:not([hidden])');
        if (wanted && !rule.hidden) rule.open = true;
        for (const further of all('.further', rule)) {
          further.hidden = !further.querySelector('.finding:not([hidden])');
          if (wanted && !further.hidden) further.open = true;
        }
      }
      shown.value = n === rows.length ? '' : n + ' of ' + rows.length + ' listed';
      save();
    };
    form.hidden = false;
    form.addEventListener('input', apply);
    form.addEventListener('submit', (event) => event.preventDefault());
    const fold = (open) => { for (const one of all('#findings details')) one.open = open; save(); };
    document.getElementById('unfold').addEventListener('click', () => fold(true));
    document.getElementById('fold').addEventListener('click', () => fold(false));
    document.addEventListener('keydown', (event) => {
      const field = form.elements.filter;
      if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) {
        event.preventDefault();
        field.focus();
      } else if (event.key === 'Escape' && event.target === field) {
        field.value = '';
        apply();
      }
    });
    const before = editor && editor.getState();
    if (before) {
      form.elements.filter.value = String(before.filter || '');
      for (const box of all('[name=severity]', form)) box.checked = !(before.off || []).includes(box.value);
      apply();
    }
  }
  if (editor) {
    const before = editor.getState();
    if (before) {
      const folds = all('details');
      if (before.folds && before.folds.length === folds.length) folds.forEach((one, n) => { one.open = before.folds[n]; });
      scrollTo(0, Number(before.y) || 0);
    }
    document.addEventListener('click', (event) => {
      const button = event.target.closest('[data-place], [data-command]');
      if (!button) return;
      if (button.dataset.place !== undefined) editor.postMessage({ type: 'open', place: Number(button.dataset.place) });
      else editor.postMessage({ type: button.dataset.command });
    });
    let soon;
    addEventListener('scroll', () => { clearTimeout(soon); soon = setTimeout(save, 100); }, { passive: true });
    document.addEventListener('toggle', save, true);
  }
  let folded = [];
  addEventListener('beforeprint', () => { folded = all('details:not([open])'); for (const one of folded) one.open = true; });
  addEventListener('afterprint', () => { for (const one of folded) one.open = false; });
})();
`;
