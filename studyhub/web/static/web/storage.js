// Small notes: of the phone, of the window, and the cookies that scripts may read.

/** Storage may be forbidden (private windows, full phones): reading must go on without it.
 *  @param {"localStorage" | "sessionStorage"} name */
function notesIn(name) {
  return {
    get(key) {
      try { return window[name].getItem("studyhub:" + key); } catch (e) { return null; }
    },
    set(key, value) {
      try {
        if (value === null) window[name].removeItem("studyhub:" + key);
        else window[name].setItem("studyhub:" + key, value);
        return true;
      } catch (e) { return false; }
    },
    clear() {
      try { window[name].clear(); } catch (e) { /* nothing was kept */ }
    },
  };
}

export const phoneNotes = notesIn("localStorage");
/** Ends with the window: what a shared phone may know of its reader. */
export const windowNotes = notesIn("sessionStorage");

/** The value of a cookie; empty when there is none. */
export function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(name + "="));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** Whoever signed in said "这是公用手机": nothing of the reader may outlive the window. */
export const isShared = () => Boolean(cookie("shared"));
