// The texts of the console in one language, a file for each part of it. It is loaded whole.

import common from "./es/common.json";
import computers from "./es/computers.json";
import logs from "./es/logs.json";
import operations from "./es/operations.json";
import people from "./es/people.json";
import sessions from "./es/sessions.json";
import settings from "./es/settings.json";
import tools from "./es/tools.json";
import viewer from "./es/viewer.json";

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
