use super::texts;

texts! {
    /// The frame around every page.
    Shell {
        product: "Cavuer",
        skip: "Skip to content",
        main_nav: "Main",
        home: "Home",
        chats: "Chats",
        knowledge: "Knowledge",
        models: "Models",
        open_menu: "Open menu",
        close_menu: "Close menu",
        workspace: "Workspace: {name}",
        workspaces: "Workspaces",
        new_workspace: "New workspace",
        new_workspace_about: "A workspace has its own agents, articles and chats.",
        rename_workspace: "Rename workspace",
        workspace_created: "Workspace created",
        workspace_renamed: "Workspace renamed",
        guide: "Guide",
        guide_of_page: "Read about it in the guide",
        new_tab: "(opens in a new tab)",
        sign_out: "Sign out",
        offline: "The server cannot be reached. What you typed is still here.",
        no_workspace: "You are in no workspace",
        no_workspace_about: "Create one to begin.",
    }
}
