// The texts of the console in one language, a file for each part of it. It is loaded whole.

import common from "./pt/common.json";
import computers from "./pt/computers.json";
import logs from "./pt/logs.json";
import operations from "./pt/operations.json";
import people from "./pt/people.json";
import sessions from "./pt/sessions.json";
import settings from "./pt/settings.json";
import tools from "./pt/tools.json";
import viewer from "./pt/viewer.json";

export default {
  ...common,
  ...computers,
  ...logs,
  ...operations,
  ...people,
  ...sessions,
  ...settings,
  ...tools,
  ...viewer,
};
