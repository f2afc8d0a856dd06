"""The 1,000 routes with an argument that every framework is given, by sections where it
can have them so."""

SECTIONS, PAGES = range(50), range(20)
ROUTES = [f"/pages/section{i}/page{j}" for i in SECTIONS for j in PAGES]
