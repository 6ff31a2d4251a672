// A phone's speech, as far as the page can tell: what was said is kept, and a test ends each sentence.
(() => {
  const voices = VOICES;
  window.said = [];
  const synth = {
    current: null,
    getVoices: () => voices,
    speak(utterance) {
      window.said.push({ text: utterance.text, lang: utterance.lang, rate: utterance.rate });
      synth.current = utterance;
    },
    cancel() {
      const cut = synth.current;
      synth.current = null;
      if (cut) setTimeout(() => cut.onerror && cut.onerror({ error: "canceled" }));
    },
  };
  window.endSentence = () => {
    const done = synth.current;
    synth.current = null;
    done.onend();
  };
  Object.defineProperty(window, "speechSynthesis", { value: synth });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
})();
