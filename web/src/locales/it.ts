// The texts of the console in one language, a file for each part of it. It is loaded whole.

import common from "./it/common.json";
import computers from "./it/computers.json";
import logs from "./it/logs.json";
import operations from "./it/operations.json";
import people from "./it/people.json";
import sessions from "./it/sessions.json";
import settings from "./it/settings.json";
import tools from "./it/tools.json";
import viewer from "./it/viewer.json";

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
