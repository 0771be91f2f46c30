"""Sound, captions and motion: what a page plays, moves or answers by itself, and whether a person can stop it."""

import io
import math
import wave

import pytest

from crawler.browser import find_browser
from crawler.capture import Seen
from crawler.settings import CrawlSettings
from tests.crawler.trying import said, try_pages
from tests.portals import behaviours as be

pytestmark = pytest.mark.skipif(not find_browser(CrawlSettings()), reason="no Chromium is installed")

RATE = 8000


def sound(seconds: float, loudness: int) -> bytes:
    """A tone of 440 Hz as WAV; `loudness` up to 127, 0 is silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(RATE)
        out.writeframes(bytes(128 + round(loudness * math.sin(at / RATE * math.tau * 440)) for at in range(int(seconds * RATE))))
    return file.getvalue()


FILES = {
    "/tone.wav": (sound(120, 60), "audio/wav"),
    "/blip.wav": (sound(1, 60), "audio/wav"),
    "/silence.wav": (sound(120, 0), "audio/wav"),
    "/captions.vtt": (b"WEBVTT\n\n00:00.000 --> 00:04.000\nThe session is open.\n", "text/vtt"),
    "/empty.vtt": (b"WEBVTT\n", "text/vtt"),
    "/captions.srt": (b"1\n00:00:00,000 --> 00:00:04,000\nThe session is open.\n", "text/plain"),
}

BUTTON = '<button id=b>Stop</button><script>b.onclick = () => document.querySelectorAll("audio").forEach(a => a.pause())</script>'
DEAD_BUTTON = "<button>Stop</button>"
TEXT = "The council meets on the first Tuesday of each month. " * 4

VIDEO = """<video id=v width=200 height=120 muted>{tracks}</video><canvas id=c></canvas><script>
  const sound = new AudioContext(), tone = sound.createOscillator(), out = sound.createMediaStreamDestination();
  tone.connect(out); tone.start();
  const draw = c.getContext('2d'); setInterval(() => draw.fillRect(0, 0, 9 * Math.random(), 9), 100);
  v.srcObject = new MediaStream([...c.captureStream(10).getTracks(), ...({sounds} ? out.stream.getTracks() : [])]);
  v.play();
</script>"""


def video(*tracks: str, sounds: bool = True) -> str:
    """A video drawn and sounded by the page itself, with text tracks."""
    marked = "".join(f'<track kind=captions src="{track}">' for track in tracks)
    return VIDEO.replace("{tracks}", marked).replace("{sounds}", str(sounds).lower())


def ticking(change: str, after: str = "", every: int = 300) -> str:
    """Text that a script changes again and again."""
    return f"<p>{TEXT}</p><p id=t>news</p>{after}<script>let n = 0; setInterval(() => {{ n++; {change} }}, {every})</script>"


def tilting(answer: str, after: str = "") -> str:
    """A page that answers to a turn of the device."""
    listen = f"addEventListener('deviceorientation', event => {{ {answer} }})"
    return f"<p>{TEXT}</p><p id=t>level</p>{after}<script>{listen}</script>"


SLIDE = "@keyframes go { from { transform: translateX(0) } to { transform: translateX(300px) } }"
SHOWN = "t.textContent = event.gamma > 20 ? 'right' : event.gamma < -20 ? 'left' : t.textContent"
RANDOM = "t.textContent = 'item ' + String.fromCharCode(97 + n * 7 % 26)"

PAGES = {
    "quiet": f"<p>{TEXT}</p>",
    "sounds": f"<p>{TEXT}</p><audio autoplay src=/tone.wav></audio><a href=/contact>Contact</a>",
    "sounds_on_and_on": "<audio autoplay loop src=/blip.wav></audio>",
    "sounds_with_controls": "<audio autoplay controls src=/tone.wav></audio>",
    "sounds_with_button": "<audio autoplay src=/tone.wav></audio>" + BUTTON,
    "sounds_with_hidden_button": "<audio autoplay src=/tone.wav></audio><div style='display: none'>" + BUTTON + "</div>",
    "sounds_with_nameless_button": "<audio autoplay src=/tone.wav></audio>" + BUTTON.replace("Stop", ""),
    "sounds_with_dead_button": "<audio autoplay src=/tone.wav></audio>" + DEAD_BUTTON,
    "blip": "<audio autoplay src=/blip.wav></audio>",
    "end_only": "<audio autoplay src=/tone.wav#t=118.5></audio>",
    "muted": "<audio autoplay muted src=/tone.wav></audio>",
    "silent": "<audio autoplay src=/silence.wav></audio>",
    "waits": "<audio src=/tone.wav></audio>",
    "captions": video("/captions.vtt"),
    "empty_captions": video("/empty.vtt"),
    "other_captions": video("/captions.srt"),
    "missing_captions": video("/gone.vtt"),
    "one_language_empty": video("/empty.vtt", "/captions.vtt"),
    "empty_captions_of_silence": video("/empty.vtt", sounds=False),
    "moving_video": f"<p>{TEXT}</p>" + video(sounds=False),
    "moving_video_with_button": f"<p>{TEXT}</p>" + video(sounds=False) + BUTTON,
    "ticker": ticking(RANDOM),
    "ticker_with_button": ticking(RANDOM, BUTTON),
    "ticker_with_dead_button": ticking(RANDOM, DEAD_BUTTON),
    "clock": ticking("t.textContent = '10:' + String(10 + n % 50)"),
    "counter": ticking("t.textContent = n"),
    "unseen_ticker": ticking(RANDOM + "; t.style.display = 'none'"),
    "coloured": ticking("t.style.color = n % 2 ? 'navy' : 'black'"),
    "answers": f"<p>{TEXT}</p><p id=t>news</p><script>onresize = () => {{ t.textContent = 'item ' + innerWidth }}</script>",
    "slides": f"<style>{SLIDE} #s {{ animation: go 3s infinite alternate; width: 9em }}</style><p>{TEXT}</p><p id=s>Notices</p>",
    "slides_when_allowed": f"<style>{SLIDE} @media (prefers-reduced-motion: no-preference)"
    f"{{ #s {{ animation: go 3s infinite }} }}</style><p>{TEXT}</p><p id=s>Notices</p>",
    "tilts": tilting(SHOWN),
    "tilts_with_button": tilting(SHOWN, BUTTON),
    "tilts_with_dead_button": tilting(SHOWN, DEAD_BUTTON),
    "counts_tilts": tilting("window.tilts = (window.tilts || 0) + 1"),
}

EXPECTED = [
    *(("audio_control", name, "failed") for name in ("sounds", "sounds_on_and_on", "sounds_with_hidden_button")),
    *(("audio_control", name, "failed") for name in ("sounds_with_nameless_button", "sounds_with_dead_button")),
    ("audio_control", "sounds_with_controls", "passed"),
    ("audio_control", "sounds_with_button", "cant_tell"),
    ("audio_control", "silent", "cant_tell"),
    *(("audio_control", name, "inapplicable") for name in ("quiet", "blip", "end_only", "muted", "waits")),
    ("captions_file", "captions", "passed"),
    ("captions_file", "one_language_empty", "passed"),
    ("captions_file", "empty_captions", "failed"),
    ("captions_file", "other_captions", "failed"),
    ("captions_file", "missing_captions", "cant_tell"),
    ("captions_file", "empty_captions_of_silence", "cant_tell"),
    ("captions_file", "moving_video", "inapplicable"),
    *(("moving_content", name, "failed") for name in ("ticker", "ticker_with_dead_button", "slides", "moving_video")),
    *(("moving_content", name, "cant_tell") for name in ("ticker_with_button", "moving_video_with_button", "clock", "counter")),
    ("moving_content", "answers", "passed"),
    *(("moving_content", name, "inapplicable") for name in ("quiet", "unseen_ticker", "slides_when_allowed", "sounds")),
    *(("motion_actuation", name, "failed") for name in ("tilts", "tilts_with_dead_button")),
    ("motion_actuation", "tilts_with_button", "cant_tell"),
    ("motion_actuation", "counts_tilts", "passed"),
    ("motion_actuation", "quiet", "inapplicable"),
]


@pytest.fixture(scope="module")
def tried() -> dict[str, Seen]:
    """What trying out showed, by name of the page."""
    return try_pages({name: be.page(name, body) for name, body in PAGES.items()}, FILES)


@pytest.mark.parametrize(("rule", "name", "outcome"), EXPECTED)
def test_a_rule_says_of_a_page_what_a_person_meets_there(tried: dict[str, Seen], rule: str, name: str, outcome: str) -> None:
    result = said(tried, name, rule)
    assert result.outcome == outcome
    assert bool(result.nodes) == (outcome in ("failed", "cant_tell"))


def test_text_that_only_changes_its_colour_does_not_move(tried: dict[str, Seen]) -> None:
    assert said(tried, "coloured", "moving_content").outcome in ("passed", "inapplicable")


def test_what_fails_is_shown(tried: dict[str, Seen]) -> None:
    assert said(tried, "ticker", "moving_content").nodes[0].selector == "p#t"
    assert said(tried, "sounds", "audio_control").nodes[0].snippet.startswith("<audio")
    assert "/empty.vtt" in said(tried, "empty_captions", "captions_file").nodes[0].snippet
