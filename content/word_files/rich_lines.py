"""Lines as the rich text that is stored: well-formed, or the editor does not open."""

from collections.abc import Sequence

from django.utils.html import escape

from content.elements import Run
from content.word_files.items import Line, note_of
from content.word_files.losses import Losses

DEEPEST = 2  # levels of a list


def stored_html(lines: Sequence[Line], losses: Losses) -> str:
    html, open_lists = "", list[str]()
    for line in lines:
        depth = min(line.depth, DEEPEST, len(open_lists) + 1)
        tag = "ol" if line.ordered else "ul"
        html += _closed_to(open_lists, depth, tag)
        if not depth:
            html += f"<p>{_marked(line.runs)}</p>"
            continue
        if len(open_lists) < depth:
            html += f"<{tag}><li>"
            open_lists.append(tag)
        else:
            html += "</li><li>"
        html += _mark_of(line, losses) + _marked(line.runs)
    return html + _closed_to(open_lists, 0, "")


def _closed_to(open_lists: list[str], depth: int, tag: str) -> str:
    """Ends the lists deeper than this, and one of another kind at this depth."""
    html = ""
    while len(open_lists) > depth or (len(open_lists) == depth > 0 and open_lists[-1] != tag):
        html += f"</li></{open_lists.pop()}>"
    return html


def _mark_of(line: Line, losses: Losses) -> str:
    if line.depth <= DEEPEST:
        return ""
    losses.change("超过两级的列表（记号表示更深一级）")
    return losses.add("·" * (line.depth - DEEPEST)) + " "


def _marked(runs: Sequence[Run]) -> str:
    return "".join(map(_run_html, runs))


def _run_html(run: Run) -> str:
    html = escape(run.text).replace("\n", "<br/>")
    if run.bold and run.text.strip():
        html = f"<b>{html}</b>"
    is_link = run.href and not note_of(run)
    return f'<a href="{escape(run.href)}">{html}</a>' if is_link else html
