"""Names that hold only signs of an icon font: there is no word in them to say (see tree.py)."""

SIGNS = """
rules.name_of_icon_signs = () => {
  const operated = things.filter(thing => thing.at.matches(VOICED_TAGS) && given(thing) &&
    (OPERATED.has(role(thing)) || is_field(thing)));
  const drawn = thing => name(thing) === '' && /\\p{Co}/u.test(thing.at.computedName) &&
    !thing.at.matches('[title], [aria-description], [aria-describedby], :has([title])');
  return {all: operated.filter(thing => thing.at.computedName.trim()).length, bad: operated.filter(drawn).map(thing => [thing])};
};
"""
"""What has no name at all axe-core finds; characters for private use (Unicode's Co) it takes for text.
A title or a description may be read in their place."""
