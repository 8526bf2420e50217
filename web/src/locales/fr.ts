// The texts of the console in one language, a file for each part of it. It is loaded whole.

import common from "./fr/common.json";
import computers from "./fr/computers.json";
import logs from "./fr/logs.json";
import operations from "./fr/operations.json";
import people from "./fr/people.json";
import sessions from "./fr/sessions.json";
import settings from "./fr/settings.json";
import tools from "./fr/tools.json";
import viewer from "./fr/viewer.json";

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
