from __future__ import annotations
def kind_of(text, parts, heading, found):
    return found[0].metric if found else "vague"
