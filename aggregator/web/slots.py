"""Named places in our pages that another room fills with a template of its own.

The core knows the names of the places and not who fills them: ``AppConfig.ready`` of the other room calls
``register``. A place that nobody registered for renders nothing.

========  =====================================================================  ==================
place     where                                                                  its template gets
========  =====================================================================  ==================
``plan``  on every card of a showing, in lists, on pages and in the grid         ``showing``, ``short``
``styles`` in the head of every page, after its own style sheets                nothing
``end``   at the end of every page's body                                        nothing
``nav``   at the end of the main navigation; a list item                         nothing
``demo``  at the end of the demo's banner                                        nothing
``foot``  at the end of the last line of every page                              nothing
========  =====================================================================  ==================

``showing`` has at least ``id``, ``path``, ``title`` and ``over``; ``short`` says that there is room for a sign only.
"""

_templates: dict[str, tuple[str, ...]] = {}


def register(name: str, template: str) -> None:
    """Render *template* wherever the place *name* stands, after those registered before; once, however often called."""
    _templates[name] = tuple(dict.fromkeys((*_templates.get(name, ()), template)))


def forget(name: str, template: str) -> None:
    """Take a registration back. For tests."""
    _templates[name] = tuple(one for one in _templates.get(name, ()) if one != template)


def templates_of(name: str) -> tuple[str, ...]:
    """The templates that fill the place *name*, in order of registration; () for none."""
    return _templates.get(name, ())
