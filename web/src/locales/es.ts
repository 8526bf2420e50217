// The texts in one language that the console begins with: the login page, Remote Sessions and what is around every page.

import common from "./es/common.json";
import login from "./es/login.json";
import sessions from "./es/sessions.json";
import tools from "./es/tools.json";

export default { ...common, ...login, ...sessions, ...tools };
