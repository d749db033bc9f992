"""Text of orders and warehouses that would like to be more than text, or that has no end."""

SCRIPT = "<script>document.body.id='broken'</script>"
IMAGE = "<img src=x onerror=\"document.body.id='broken'\">"
HEBREW = "שלום עולם"
EMOJI = "🌸👩‍👩‍👧‍👦🏴‍☠️"
LONG_WORD = "SKU" + "0123456789" * 11 + "-LAST-1"  # 120 characters without a space
LONG_TEXT = (f"{SCRIPT} {HEBREW} {EMOJI} " + "words " * 1000)[:5000]
HOSTILE_NAME = f"#{SCRIPT}{EMOJI}"
HOSTILE_SKU = f"{IMAGE}{HEBREW}{EMOJI}"
HOSTILE_GOODS = f"{SCRIPT}{HEBREW}-known"
HOSTILE_PLACE = f"{SCRIPT} {HEBREW} {EMOJI} {LONG_WORD}"
HOSTILE_LABEL = f"{SCRIPT}{HEBREW}{EMOJI}"
