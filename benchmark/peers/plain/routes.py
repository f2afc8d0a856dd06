"""The 1,000 routes with an argument that every framework is given."""

SECTIONS, PAGES = 50, 20
ROUTES = [
    f"/pages/section{section}/page{page}"
    for section in range(SECTIONS)
    for page in range(PAGES)
]
