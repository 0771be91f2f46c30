"""The running text of a page by the language that the nearest lang attribute declares (see tree.py).

Blocks of a few words (menus, buttons, captions), code, addresses and lists of names are no running text: they say little about a
language, and names belong to any.
"""

PASSAGES = """
const UNSPOKEN = 'script, style, noscript, template, svg, math, code, pre, kbd, samp, var, address, textarea, select, ' +
  'iframe, frame, object, embed, video, audio, canvas, [translate=no], [aria-hidden=true], [role=math], [role=code]';
const WORD = /\\p{L}[\\p{L}\\p{M}'\\u2019-]*/gu, WHOLE_SIGNS = /[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}]/gu;
const word_count = text => (text.match(WORD) || []).length + Math.floor((text.match(WHOLE_SIGNS) || []).length / 2);
const runs_on = text => {
  const words = text.match(WORD) || [];
  return word_count(text) >= 4 && words.filter(word => /^\\p{Lu}/u.test(word)).length <= 0.6 * words.length;
};
const passages = () => {
  const parts = new Map(), whole = things[0].language.toLowerCase();
  const add = (block, spoken) => {
    const text = line(block.text), thing = of.get(spoken);
    if (!text || !runs_on(text)) return;
    const owner = thing.language.toLowerCase() === whole ? things[0] : thing;
    if (!parts.has(owner)) parts.set(owner, []);
    parts.get(owner).push(text);
  };
  const read = (at, block, spoken) => {
    for (const node of flat(at)) {
      if (node.nodeType === Node.TEXT_NODE) block.text += node.data;
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      const thing = of.get(node);
      if (!thing || node.matches(UNSPOKEN)) { block.text += ' '; continue; }
      const style = getComputedStyle(node);
      if (style.display === 'none' || style.display !== 'contents' && (!shown(thing) || away(style, node))) continue;
      if (node.tagName === 'BR') block.text += ' ';
      const runs = style.display.startsWith('inline') && thing.spoken === spoken || style.display === 'contents';
      if (runs) read(node, block, spoken);
      else {
        const inner = {text: ''};
        read(node, inner, thing.spoken);
        add(inner, thing.spoken);
        block.text += thing.spoken === spoken ? '\\n' : ' ';
      }
    }
  };
  const page = {text: ''};
  if (document.body && of.has(document.body)) read(document.body, page, of.get(document.body).spoken);
  if (document.body) add(page, of.get(document.body).spoken);
  const whole_first = [...parts].sort(([one], [other]) => (other === things[0]) - (one === things[0]));
  return whole_first.slice(0, MOST.passages).map(([owner, blocks]) => {
    const longest = [...blocks.keys()].sort((one, other) => blocks[other].length - blocks[one].length), kept = new Set();
    let size = 0;
    for (const at of longest) if (size < 3000) { kept.add(at); size += blocks[at].length; }
    const text = blocks.filter((_, at) => kept.has(at)).join('\\n').slice(0, 3000).toWellFormed();
    return [owner.language, text, owner === things[0], told(owner)];
  });
};
"""
"""`passages()` gives rows as Passage has them, the longest blocks of each in page order."""
