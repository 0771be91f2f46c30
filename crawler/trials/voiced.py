"""What is told of links, controls, fields, headings, images and frames, and what stands around them (see tree.py)."""

VOICED = """
const VOICED_TAGS = 'a, area, button, input, select, textarea, summary, img, svg, object, iframe, frame, h1, h2, h3, h4, ' +
  'h5, h6, [role], [contenteditable]';
const FIELDS = new Set(['textbox', 'searchbox', 'combobox', 'listbox', 'checkbox', 'radio', 'switch', 'slider', 'spinbutton']);
const OPERATED = new Set(['link', 'button', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'tab', 'treeitem', 'summary',
  ...FIELDS]);
const TOLD_ROLES = new Set(['heading', 'image', 'img', 'iframe', 'object', ...OPERATED]);
const EXTRA = new Set(['color', 'date', 'datetime-local', 'month', 'time', 'week', 'file']);
const NO_TEXT = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'SELECT', 'TEXTAREA', 'OBJECT', 'IFRAME', 'VIDEO', 'AUDIO',
  'CANVAS', 'TITLE', 'DESC']);
const is_field = thing => FIELDS.has(role(thing)) || thing.at.tagName === 'INPUT' && EXTRA.has(thing.at.type);
const is_image = thing => role(thing) === 'image' || role(thing) === 'img';
const is_link = thing => role(thing) === 'link';
const flat = at => at.shadowRoot ? at.shadowRoot.childNodes :
  at.localName === 'slot' && at.assignedNodes().length ? at.assignedNodes() : at.childNodes;
const away = (style, at) => {
  if (style.opacity === '0' || style.visibility !== 'visible') return true;
  if (style.position !== 'absolute' && style.position !== 'fixed' && style.overflowX === 'visible') return false;
  const box = at.getBoundingClientRect();
  if (style.overflowX !== 'visible' && (box.width <= 2 || box.height <= 2)) return true;
  return /^inset\\((50|100)%/.test(style.clipPath) || /^rect\\((0|1)px, (0|1)px/.test(style.clip) ||
    box.right + scrollX <= 0 || box.bottom + scrollY <= 0;
};
let patience = 20000;
const seen_text = (at, most) => {
  const pieces = [];
  let left = most;
  const enter = at => {
    if (patience-- < 0) return;
    const style = getComputedStyle(at);
    if (style.display === 'none' || NO_TEXT.has(at.tagName)) return;
    const apart = !style.display.startsWith('inline') && style.display !== 'contents';
    if (at.tagName === 'BR' || apart) pieces.push(' ');
    if (style.display !== 'contents' && style.visibility === 'visible' && away(style, at)) return;
    const drawn = /icon|symbol|awesome|glyph/i.test(style.fontFamily) || parseFloat(style.fontSize) < 1 ||
      parseFloat(style.textIndent) < -99;
    for (const node of flat(at)) {
      if (left <= 0) return;
      if (node.nodeType === Node.ELEMENT_NODE) enter(node);
      else if (node.nodeType === Node.TEXT_NODE && !drawn && style.visibility === 'visible') {
        pieces.push(node.data);
        left -= node.data.trim().length;
      }
    }
    if (apart) pieces.push(' ');
  };
  enter(at);
  return cut(pieces.join(''), most);
};
const text_of = thing => {
  const at = thing.at;
  if (is_image(thing)) return '';
  if (role(thing) === 'iframe') return cut((held(at)?.querySelector('body')?.innerText || '').slice(0, 2000), 500);
  if (at.tagName === 'INPUT') return ['submit', 'button', 'reset'].includes(at.type) ? cut(at.value, 500) : '';
  return is_field(thing) && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName) ? '' : seen_text(at, 500);
};
const leads = thing => {
  const at = thing.at, href = at.href?.baseVal ?? at.href;
  const url = at.tagName === 'IMG' ? at.currentSrc || at.src : at.tagName === 'OBJECT' ? at.data : href ?? at.src ?? '';
  const all = typeof url !== 'string' ? '' : href?.baseVal === undefined ? url : href.baseVal;
  return all.slice(0, all.startsWith('data:') ? 100 : 2000).toWellFormed();
};
const BLOCKS = 'p, li, td, th, dd, dt, figure, caption, blockquote, [role=listitem], [role=cell], [role=gridcell], ' +
  '[role=paragraph]';
const block_texts = new Map();
const block_text = at => {
  if (!block_texts.has(at)) block_texts.set(at, at.textContent.length > 3000 ? '' : line(at.innerText ?? at.textContent));
  return block_texts.get(at);
};
const around = (at, own) => {
  let block = at.parentElement?.closest(BLOCKS);
  while (block && block_text(block) === own) block = block.parentElement?.closest('li, td, th, [role=listitem], [role=cell]');
  if (!block) return '';
  const text = block_text(block), begins = own ? Math.max(text.indexOf(own), 0) : 0;
  return text.length <= 200 ? text : text.slice(Math.max(begins - 100, 0), begins + Math.max(own.length, 0) + 100).trim();
};
const headers = at => {
  const cell = at.closest('td, th'), table = cell?.closest('table');
  if (!table || table.matches('[role=presentation], [role=none]') || !table.querySelector('th')) return [];
  if (cell.headers) return cell.headers.split(/\\s+/).map(id => cell.ownerDocument.getElementById(id));
  const firsts = [table.rows[0]?.cells[cell.cellIndex], cell.parentElement.cells?.[0]];
  return firsts.filter(one => one?.tagName === 'TH' && one !== cell);
};
const context_of = (thing, text) => {
  const at = thing.at, ids = (at.getAttribute('aria-describedby') || '').split(/\\s+/).filter(Boolean);
  const described = ids.map(id => at.getRootNode().getElementById?.(id));
  const group = is_field(thing) ? at.parentElement?.closest('fieldset, [role=group], [role=radiogroup]') : null;
  const pieces = [group?.computedName, ...[...headers(at), ...described].map(one => one ? block_text(one) : ''),
    is_field(thing) || role(thing) === 'heading' ? '' : around(at, text)];
  const title = at.getAttribute('title') || '';
  if (title && title.trim() !== name(thing)) pieces.push(title);
  return cut([...new Set(pieces.filter(Boolean))].join(' | '), 300);
};
const decorative = thing => is_image(thing) && name(thing) === '' && (thing.at.getAttribute('alt')?.trim() === '' ||
  thing.at.localName === 'svg' && !thing.at.hasAttribute('role'));
const is_voiced = thing => thing.at.matches(VOICED_TAGS) && (TOLD_ROLES.has(role(thing)) || is_field(thing)) && given(thing) &&
  !decorative(thing) && thing.at.type !== 'hidden';
const voiced = () => {
  const rows = [['document', line(document.title).slice(0, 500).toWellFormed(), '', location.href, '', things[0].language,
    told(things[0])]];
  for (const thing of things) {
    if (rows.length >= MOST.voiced) break;
    if (!is_voiced(thing)) continue;
    const text = text_of(thing);
    rows.push([role(thing), cut(name(thing), 500), text, leads(thing), context_of(thing, text), thing.language, told(thing)]);
  }
  return rows;
};
"""
"""`voiced()` gives rows as Voiced has them: the document, then what is told in page order. `seen_text` is what a person sees in
an element: not what is cut off, moved out of the page, or drawn as an icon; `patience` bounds the elements entered for it."""
