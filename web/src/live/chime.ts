// The sound that says "somebody is ready": two soft tones, made here, so that there is no file to load.

let context: AudioContext | undefined;
let resting: ReturnType<typeof setTimeout> | undefined;

/** A browser lets a page make sounds once the agent has acted on it: call this then, and later sounds need no act. */
export function allowSound(): void {
  if (typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  void context.resume().then(restSoon);
}

/** Plays it, if the browser lets this page make sounds. */
export function chime(): void {
  const audio = context;
  void audio?.resume().then(() => {
    tone(audio, 659.26, audio.currentTime + 0.02);
    tone(audio, 987.77, audio.currentTime + 0.16);
    restSoon();
  });
}

/** A context that runs costs some percent of a core even when it is silent. */
function restSoon(): void {
  clearTimeout(resting);
  resting = setTimeout(() => void context?.suspend(), 1500);
}

function tone(audio: AudioContext, hertz: number, at: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.type = "sine";
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.14, at + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0005, at + 0.55);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.6);
}
