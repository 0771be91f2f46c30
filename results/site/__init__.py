"""The scorecards as a static site: a plain, accessible page for each country, goal, entity and criterion, in three languages."""
