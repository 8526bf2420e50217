// The texts in one language that the console begins with: the login page, Remote Sessions and what is around every page.

import common from "./de/common.json";
import login from "./de/login.json";
import sessions from "./de/sessions.json";
import tools from "./de/tools.json";

export default { ...common, ...login, ...sessions, ...tools };
