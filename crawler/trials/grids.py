"""Header cells of data tables that stand over no cell, as Chromium computes the parts of tables (see tree.py).

A header is judged only above the first row of data, where it can be nothing but the header of a column; a table without data,
or one that tells its columns in another way (aria-colindex, spans, aria-owns), is left alone.
"""

GRIDS = """
const TABLES = new Set(['table', 'grid', 'treegrid']), CELLS_MOST = 4000;
const slots_of = table => {
  const slots = [], cells = [];
  for (const [y, row] of [...table.rows].entries()) {
    let x = 0;
    for (const cell of row.cells) {
      while (slots[y]?.[x]) x++;
      const wide = Math.min(cell.colSpan, 100), high = cell.rowSpan || table.rows.length - y;
      for (let down = y; down < Math.min(y + high, table.rows.length); down++)
        for (let right = x; right < x + wide; right++) (slots[down] ??= [])[right] ??= cell;
      cells.push({cell, y, x, wide, high});
      if (cells.length > CELLS_MOST) return null;
    }
  }
  return {slots, cells};
};
const heads_of_table = table => {
  const grid = slots_of(table);
  const first = grid?.cells.find(({cell}) => cell.tagName === 'TD' && cell.textContent.trim())?.y;
  if (first === undefined) return [];
  const is_head = ({cell, y}) => cell.tagName === 'TH' && y < first && of.has(cell) && role(of.get(cell)) === 'columnheader' &&
    given(of.get(cell)) && !/group/.test(cell.scope) && cell.textContent.trim();
  const named = new Set(grid.cells.flatMap(({cell}) => cell.headers.split(/\\s+/)).filter(Boolean));
  const covers = ({cell, y, x, wide, high}) => named.has(cell.id) || grid.slots.slice(y + high).some(row =>
    row.slice(x, x + wide).some(under => under && under !== cell && !under.headers.trim()));
  return grid.cells.filter(is_head).map(head => [of.get(head.cell), covers(head)]);
};
const heads_of_grid = thing => {
  const rows = new Map(), parts = new Set(['cell', 'gridcell', 'columnheader', 'rowheader']);
  if (thing.at.matches(':has(table, [aria-colindex], [aria-colspan], [aria-rowspan], [aria-owns])')) return [];
  for (const cell of [...thing.at.querySelectorAll('[role]')].slice(0, CELLS_MOST)) {
    const row = cell.closest('[role=row]');
    if (cell.closest('[role=table], [role=grid], [role=treegrid]') !== thing.at || !row || !of.has(cell)) continue;
    if (parts.has(role(of.get(cell)))) rows.set(row, [...rows.get(row) || [], of.get(cell)]);
  }
  const lines = [...rows.values()], holds = one => ['cell', 'gridcell'].includes(role(one));
  const first = lines.findIndex(cells => cells.some(one => holds(one) && one.at.textContent.trim()));
  const is_head = one => role(one) === 'columnheader' && given(one);
  const heads = lines.slice(0, Math.max(first, 0)).filter(cells => cells.every(is_head));
  return heads.length !== 1 ? [] : heads[0].map((one, at) => [one, lines.slice(first).some(cells => cells.length > at)]);
};
rules.header_without_cells = () => {
  const tables = things.filter(thing => TABLES.has(role(thing)) && given(thing)).slice(0, 200);
  const heads = tables.flatMap(thing => thing.at.tagName === 'TABLE' ? heads_of_table(thing.at) : heads_of_grid(thing));
  return {all: heads.length, bad: heads.filter(([, covers]) => !covers).map(([thing]) => [thing])};
};
"""
