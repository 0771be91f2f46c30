"""Sound and video that a page brings: whether sound that starts by itself can be stopped, and captions that cannot be read.

Chromium plays what a page starts by itself, as the browser of a person does who has been there before. Sound counts where it is
heard: samples of what is played, not what the markup says. Whether it is speech, and whether a video shows what is said, is not
judged.
"""

import json
from typing import Any

from ..capture import Element, RuleResult, Seen
from ..capture.seen import Outcome
from .instruments import has_instruments
from .stage import DESCRIBE, Stage

ANSWER_SECONDS, MEDIA_MOST, TOLD = 8.0, 10, 10
WORST_FIRST: tuple[Outcome, ...] = ("failed", "cant_tell", "passed")

ANY = "document.querySelector('audio, video') !== null"

HEAR = """const lasts = media => {
  if (media.loop) return Infinity;
  const [from, to] = (/[#&]t=(?:npt:)?([\\d.]*)(?:,([\\d.]+))?$/.exec(media.currentSrc) || []).slice(1).map(Number);
  return (to || media.duration) - (from || 0);
};
const hears = async media => {
  const context = new AudioContext(), analyser = context.createAnalyser(), samples = new Float32Array(analyser.fftSize);
  try {
    context.createMediaStreamSource(media.captureStream()).connect(analyser);
    for (let tries = 0; tries < 20; tries++) {
      await new Promise(done => setTimeout(done, 50));
      analyser.getFloatTimeDomainData(samples);
      if (samples.some(sample => Math.abs(sample) > 0.001)) return true;
    }
  } catch { return false; } finally { context.close(); }
  return false;
};
const sounding = media => !media.paused && !media.muted && media.volume > 0 && media.webkitAudioDecodedByteCount > 0;
const heard = async most => {
  const playing = [...document.querySelectorAll('audio, video')].filter(sounding).slice(0, most);
  const told = await Promise.all(playing.map(async media => [media, lasts(media), await hears(media)]));
  const pressed = media => {
    for (let at = media; at && at !== document.body; at = at.parentElement)
      if (getComputedStyle(at).cursor === 'pointer' || at.matches('[onclick]')) return true;
    return false;
  };
  return told.filter(([media, seconds]) => seconds > 3 && media.isConnected).map(([media, , sounds]) => [describe(media),
    media.controls && media.checkVisibility({visibilityProperty: true}) ? 'passed'
      : pressed(media) || !sounds ? 'cant_tell' : 'failed']);
};"""
"""What plays by itself for more than 3 s, and what is to be said of it: sound that is not heard, or a place that
can be pressed, leaves it open."""

CAPTIONS = """const captioned = async most => {
  const videos = [...document.querySelectorAll('video')].filter(video => video.checkVisibility({visibilityProperty: true}));
  const kinds = video => [...video.querySelectorAll('track')].filter(one => ['captions', 'subtitles'].includes(one.track.kind));
  const sorted = await Promise.all(videos.slice(0, most).map(async video => {
    const tracks = kinds(video).slice(0, 5);
    const modes = tracks.map(one => one.track.mode);
    for (const one of tracks) if (one.track.mode === 'disabled') one.track.mode = 'hidden';
    for (let tries = 0; tries < 40 && tracks.some(one => one.readyState < 2); tries++)
      await new Promise(done => setTimeout(done, 50));
    const state = one => {
      if (one.readyState === 2) return one.track.cues?.length ? 'passed' : 'failed';
      const [entry] = performance.getEntriesByName(one.src).slice(-1);
      const came = one.readyState === 3 && entry?.responseStatus === 200 && new URL(one.src).origin === location.origin;
      return came ? 'failed' : 'cant_tell';
    };
    const sounds = video.readyState > 0 && video.captureStream().getAudioTracks().length > 0;
    const states = tracks.map(state).map(each => each === 'failed' && !sounds ? 'cant_tell' : each);
    tracks.forEach((one, at) => { one.track.mode = modes[at]; });
    const said = ['passed', 'cant_tell', 'failed'].find(each => states.includes(each));
    return said && [describe(tracks[states.indexOf(said)]), said];
  }));
  return sorted.filter(Boolean);
};"""
"""Videos that announce captions, and whether any can be read: a file that came and holds none fails where the
video has sound, one that did not come leaves it open."""


async def try_media(stage: Stage) -> Seen:
    """Listen to what plays and read the captions. Raises playwright's Error or TimeoutError where that fails."""
    if not await stage.ask(ANY, ANSWER_SECONDS):
        return Seen(checks=(RuleResult("audio_control", "inapplicable"), RuleResult("captions_file", "inapplicable")))
    asked = f"Promise.all([heard({MEDIA_MOST}), captioned({MEDIA_MOST})]).then(JSON.stringify)"
    said = await stage.ask(f"{{{DESCRIBE}{HEAR}{CAPTIONS} {asked}}}", ANSWER_SECONDS)
    heard, captioned = json.loads(said)
    if any(outcome == "failed" for _, outcome in heard) and await has_instruments(stage):
        heard = [(element, "cant_tell" if outcome == "failed" else outcome) for element, outcome in heard]
    return Seen(checks=(_result("audio_control", heard), _result("captions_file", captioned)))


def _result(rule: str, told: list[Any]) -> RuleResult:
    """The worst that was said of any element, with those of which it was said."""
    outcomes = [outcome for _, outcome in told]
    worst: Outcome = next((outcome for outcome in WORST_FIRST if outcome in outcomes), "inapplicable")
    nodes = tuple(Element(*element) for element, outcome in told if outcome == worst and outcome != "passed")
    return RuleResult(rule, worst, elements=outcomes.count(worst), nodes=nodes[:TOLD])
