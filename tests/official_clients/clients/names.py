"""Prints every public name of Honeycomb's client for Python, one a line: functions, classes, methods, attributes, parameters, and
the keys of a response."""

import ast
import inspect
import re

import libhoney
from libhoney import transmission

RESPONSE = re.compile(r"^- `(\w+)`", re.MULTILINE)
# Parts that are not for users: what the client calls itself.
INTERNAL = {"self", "client", "ev", "event", "fn", "md", "name", "val", "data", "obj", "state"}

classes = [
    libhoney.Client,
    libhoney.Builder,
    libhoney.Event,
    libhoney.FieldHolder,
    libhoney.SendError,
    transmission.Transmission,
    transmission.FileTransmission,
]
names = {name for name in libhoney.__all__}
names |= set(inspect.signature(libhoney.init).parameters)
names |= set(RESPONSE.findall(inspect.cleandoc(libhoney.responses.__doc__)))
for type_ in classes:
    names.add(type_.__name__)
    names |= {name for name, member in vars(type_).items() if inspect.isroutine(member)}
    if type_ is not libhoney.SendError:
        names |= set(inspect.signature(type_).parameters)
for type_ in (libhoney.Builder, libhoney.Event):
    # Attributes, which are set in the constructor.
    for node in ast.walk(ast.parse(inspect.getsource(type_))):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)

print("\n".join(f'"{name}"' for name in sorted(names - INTERNAL) if not name.startswith("_")))
