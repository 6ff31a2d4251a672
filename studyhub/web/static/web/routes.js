// Every address the scripts use, once. tests/web/test_routes.py holds each against Django's own table.

export const routes = {
  courses: "/courses/",
  corrections: "/me/corrections/",
  lead: "/lead/",
  ledReceipts: "/lead/receipts/",
  login: "/login/",
  move: "/me/move/",
  offline: "/offline/",
  ownReceipts: "/me/receipts/",
  ownRecord: "/me/",
  receipts: "/receipts/",
  settings: "/settings/",
  sites: "/sites/",
  worker: "/sw.js",
  workerConfig: "/sw-config.json",

  /** A lesson: courses, course, lesson. */
  lesson: /^\/courses\/[^/]+\/[^/]+\/$/,
  /** The reader's own record of one lesson. */
  studyOf: (lesson) => "/study/" + lesson + "/",

  api: "/api/v1/",
  // Below `api`. Those of lists are also the names under which their last copies lie on the phone.
  me: "me",
  now: "me/now",
  myGroups: "groups",
  myPlan: "me/plan",
  myProgress: "me/progress",
  myCorrections: "me/corrections",
  myRecords: "me/records",
  myDevices: "me/devices",
  manifest: "offline/manifest",
  tier: "offline/tier",
};
