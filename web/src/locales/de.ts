// The texts of the console in one language, a file for each part of it. It is loaded whole.

import common from "./de/common.json";
import computers from "./de/computers.json";
import logs from "./de/logs.json";
import operations from "./de/operations.json";
import people from "./de/people.json";
import sessions from "./de/sessions.json";
import settings from "./de/settings.json";
import tools from "./de/tools.json";
import viewer from "./de/viewer.json";

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
