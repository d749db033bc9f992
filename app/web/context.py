"""What every template may use."""

from typing import Any

from flask import Flask
from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _

from app.models import Order, Run
from app.web import csp, times, words
from app.web.current import config
from app.web.words import Badge

COUNTS = {
    "new": _("new"),
    "unknown": _("unknown to Tagdock"),
    "cancelled": _("cancelled"),
    "partly_cancelled": _("cancelled in part"),
    "came_back": _("came back"),
    "sent": _("sent"),
    "waiting": _("waiting"),
    "skipped": _("skipped"),
    "failed": _("failed"),
    "queued": _("queued"),
    "checked": _("checked"),
    "found": _("found"),
    "read": _("read"),
    "settled": _("settled"),
    "retried": _("retried"),
    "asked": _("asked after"),
    "looked": _("looked at"),
    "changed": _("changed"),
    "lines": _("log lines let go"),
    "inbox": _("messages let go"),
    "items": _("results let go"),
    "runs": _("runs let go"),
    "batches": _("requests emptied"),
    "people": _("staff names let go"),
    "days": _("days summed up"),
    "taken_up": _("taken up again"),
    "gone": _("no longer so"),
    "under_way": _("under way"),
    "levels": _("levels compared"),
    "equal": _("equal"),
    "different": _("different"),
    "left_out": _("left alone"),
    "set": _("set in Shopify"),
}
_OUTCOMES = {
    "": Badge(_("Running"), "info", "refresh"),
    "done": Badge(_("Done"), "success", "check-circle"),
    "failed": Badge(_("Failed"), "critical", "alert-circle"),
    "skipped": Badge(_("Skipped"), "neutral", "circle-dashed"),
}


def register(app: Flask) -> None:
    """Give the templates their words, times and helpers."""
    times.register(app)
    words.register(app)
    app.jinja_env.filters["count"] = count
    app.jinja_env.globals.update(
        admin_order=admin_order,
        counts_text=counts_text,
        last_job=last_job,
        run_badge=run_badge,
        script_words=script_words,
        warehouses=warehouses,
    )
    app.context_processor(_settings)


def count(number: int) -> str:
    """A number as a person reads it; beyond 10,000 the page stops counting."""
    return "10,000+" if number > 10_000 else str(format_decimal(number))


def counts_text(counts: dict[str, Any]) -> str:
    """A run's counts in words, those that are zero left out."""
    shown = [
        (name, number) for name, number in counts.items() if isinstance(number, int) and number
    ]
    return ", ".join(f"{count(number)} {COUNTS.get(name, name)}" for name, number in shown)


def run_badge(run: Run) -> Badge:
    """How a run ended."""
    return _OUTCOMES.get(run.outcome if run.finished_at else "", _OUTCOMES["done"])


def warehouses(order: Order) -> list[str]:
    """The codes of the warehouses an order went to, each once."""
    codes = [outbound.warehouse for outbound in order.outbound_orders if not outbound.archived]
    return list(dict.fromkeys(code for code in codes if code))


def last_job(order: Order) -> str:
    """The id of the WMS's last job about an order; empty when there is none."""
    ids = [outbound.job_id for outbound in order.outbound_orders if outbound.job_id]
    return ids[-1] if ids else ""


def admin_order(order: Order) -> str:
    """Where an order is in the admin around the app."""
    return f"shopify://admin/orders/{order.gid.rpartition('/')[2]}"


def script_words() -> dict[str, str]:
    """The sentences that the page's script says."""
    return {
        "queued": gettext("Queued {n}."),
        "skippedAtOnce": gettext("Skipped {n}:"),
        "nothing": gettext("Nothing to send."),
        "progress": gettext("{done} of {total} done."),
        "sent": gettext("{n} sent"),
        "unchanged": gettext("Unchanged {n}: the warehouse has it"),
        "waiting": gettext("{n} waiting"),
        "skipped": gettext("{n} skipped"),
        "failed": gettext("{n} failed"),
        "asked": gettext("The warehouse has been asked."),
        "started": gettext("Started."),
        "saved": gettext("Saved"),
        "copied": gettext("Copied"),
        "selected": gettext("{n} selected"),
        "noneSelected": gettext("None selected"),
        "newOrder": gettext("1 new order. Show"),
        "newOrders": gettext("{n} new orders. Show"),
        "paused": gettext("Live updates paused."),
        "retry": gettext("Retry"),
        "unreachable": gettext("Tagdock didn't answer. Check your connection and try again."),
        "testing": gettext("Asking the warehouse…"),
        "more": gettext("and {n} more"),
        "tailing": gettext("New lines appear by themselves."),
        "tailStopped": gettext(
            "Live tail stopped, so that you can read. Switch it on again to go on."
        ),
    }


def _settings() -> dict[str, Any]:
    return {"brand": config().brand, "api_key": config().shopify_api_key, "cdn": csp.cdn()}
