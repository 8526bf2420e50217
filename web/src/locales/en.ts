// The texts of the console in one language, a file for each part of it. It is loaded whole.

import common from "./en/common.json";
import computers from "./en/computers.json";
import logs from "./en/logs.json";
import operations from "./en/operations.json";
import people from "./en/people.json";
import sessions from "./en/sessions.json";
import settings from "./en/settings.json";
import tools from "./en/tools.json";
import viewer from "./en/viewer.json";

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
