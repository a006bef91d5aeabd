from seldesk.cli import main

main()
